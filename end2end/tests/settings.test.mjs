// An app's settings: several edited at once, reviewed, applied as a release; two people at one app; values that are awkward.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { request } from 'node:http';
import { after, before } from 'node:test';
import { checkAccessibility, inBrowser, open, photograph } from '../browser.mjs';
import { hasTheTraffic, send } from '../main-job.mjs';
import { startSlipway } from '../slipway.mjs';

const CORPUS = JSON.parse(await readFile(new URL('../../crates/domain/tests/awkward-values.json', import.meta.url)));

let slipway;
before(async () => (slipway = await startSlipway({ args: ['--watch-seconds', '1'] })));
after(() => slipway?.stop());

/** A fresh platform for each test but the first, since the link signs in once. */
async function withShop(page, body) {
  const own = await startSlipway({ args: ['--watch-seconds', '1'] });
  try {
    await deploySample(page, own);
    await body(own);
    // A page of the console would rightly complain when the platform ends under it.
    await page.goto('about:blank');
  } finally {
    await own.stop();
  }
}

async function deploySample(page, on) {
  await open(page, on.link);
  await page.getByRole('button', { name: 'Deploy a sample app' }).click();
  await page.waitForURL(/\/apps\/hello\/deploys\//);
  await hasTheTraffic(page, 'r1');
}

async function look(page, name) {
  await photograph(page, name);
  await checkAccessibility(page);
}

/** Presses the button of the review and waits for the deploy to have the traffic. */
async function apply(page, release) {
  await page.getByRole('button', { name: /^Apply \d+ change/ }).click();
  await page.waitForURL(/\/apps\/hello\/deploys\//);
  await hasTheTraffic(page, release);
}

const variable = async (on, name) => (await send(on, 'hello', `/env?name=${name}`)).body;

inBrowser('several settings are edited, reviewed and applied as one release', async ({ page, visitor }) => {
  // The review of a path that is none.
  visitor.expectComplaint(/settings\/review/);
  await deploySample(page, slipway);
  await open(page, slipway.url('/apps/hello/settings'));
  await page.getByText('None is set. Add one').waitFor();
  await look(page, 'settings-empty');

  await page.getByLabel('Name of a new variable').fill('SAMPLE_GREETING');
  await page.getByLabel('Value of the new variable').fill('  "hello", $HOME  ');
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  await page.getByLabel('Name of a new variable').fill('1ST');
  await page.getByText('no digit at the beginning').waitFor();
  await page.getByLabel('Name of a new variable').fill('');
  await page.getByLabel('Replicas').fill('2');
  await page.getByLabel('Health path').fill('healthz');
  await page.getByRole('button', { name: 'Review changes' }).click();
  await page.getByText('A path begins with “/”').waitFor();
  await page.getByLabel('Health path').fill('/healthz');
  await page.getByLabel('Health path').press('Enter');
  await page.getByRole('heading', { name: 'This makes r2' }).waitFor();
  assert.equal(await page.locator('.differences tbody tr').count(), 3);
  await page.getByRole('textbox', { name: 'Why' }).fill('For the fair');
  await look(page, 'settings-review');
  await apply(page, 'r2');
  assert.equal(await variable(slipway, 'SAMPLE_GREETING'), '  "hello", $HOME  ');

  await open(page, slipway.url('/apps/hello/settings'));
  await page.getByRole('button', { name: 'Remove SAMPLE_GREETING' }).click();
  await page.getByText('removed').waitFor();
  await page.getByRole('button', { name: 'Keep SAMPLE_GREETING' }).click();
  await page.getByLabel('Value of SAMPLE_GREETING').fill('changed');
  await page.getByRole('button', { name: 'Edit as .env text' }).click();
  assert.equal(await page.getByLabel('Variables as .env text').inputValue(), 'SAMPLE_GREETING=changed\n');
  await page.getByLabel('Variables as .env text').fill('# pasted\nexport SAMPLE_KEY="-----BEGIN-----\nabc\n-----END-----"\r\nSAMPLE_N=1 # one\n');
  await look(page, 'settings-text');
  await page.getByRole('button', { name: 'Show as a table' }).click();
  await look(page, 'settings-table');
  await page.getByRole('button', { name: 'Review changes' }).click();
  await apply(page, 'r3');
  assert.equal(await variable(slipway, 'SAMPLE_KEY'), '-----BEGIN-----\nabc\n-----END-----');
  assert.equal((await send(slipway, 'hello', '/env?name=SAMPLE_GREETING')).status, 404, 'what is not listed is not set');

  await open(page, slipway.url('/apps/hello/releases'));
  await page.getByText('For the fair').waitFor();
  await page.getByRole('link', { name: 'Compare r1 with r3' }).click();
  await page.getByRole('heading', { name: 'r1 and r3' }).waitFor();
  await look(page, 'releases-compare');
  await page.getByLabel('From').selectOption('r2');
  await page.getByRole('heading', { name: 'r2 and r3' }).waitFor();
  assert.equal(new URL(page.url()).search, '?from=2&to=3');
});

inBrowser('a second editor is told at once, and loses nothing that was typed', ({ page, visitor }) =>
  withShop(page, async (own) => {
    const second = await visitor.context.newPage();
    visitor.listen(second);
    await open(page, own.url('/apps/hello/settings'));
    await open(second, own.url('/apps/hello/settings'));
    await second.getByLabel('Replicas').fill('3');
    await page.getByLabel('Memory').fill('128');
    await page.getByRole('button', { name: 'Review changes' }).click();
    await apply(page, 'r2');
    await second.getByText(/r2 by .* is current now/).waitFor();
    await look(second, 'settings-meanwhile');
    await second.getByRole('button', { name: 'Go on from r2, with what I changed' }).click();
    await second.getByText(/is current now/).waitFor({ state: 'detached' });
    assert.equal(await second.getByLabel('Memory').inputValue(), '128');
    assert.equal(await second.getByLabel('Replicas').inputValue(), '3');
    await second.getByRole('button', { name: 'Review changes' }).click();
    await second.getByRole('heading', { name: 'This makes r3' }).waitFor();
    assert.equal(await second.locator('.differences tbody tr').count(), 1);
    await apply(second, 'r3');
    await second.close();
  }));

inBrowser('every awkward value arrives byte for byte, typed as text and found again on the page', ({ page }) =>
  withShop(page, async (own) => {
    const values = CORPUS.map((it) => (typeof it === 'string' ? it : it.repeat.repeat(it.times)));
    assert.ok(values.length >= 200);
    await open(page, own.url('/apps/hello/settings'));
    await page.getByRole('button', { name: 'Edit as .env text' }).click();
    await paste(page.getByLabel('Variables as .env text'), values.map((value, n) => `SAMPLE_${n}=${quoted(value)}`).join('\n'));
    await page.getByRole('button', { name: 'Review changes' }).click();
    await apply(page, 'r2');
    const arrived = async () => {
      for (const [n, value] of values.entries()) {
        assert.deepEqual(await bytes(own, `/env?name=SAMPLE_${n}`), Buffer.from(value), `SAMPLE_${n}: ${JSON.stringify(value.slice(0, 80))}`);
      }
    };
    await arrived();
    // Opened again and changed in another place, none of them suffers from having been on a page.
    await open(page, own.url('/apps/hello/settings'));
    await page.getByLabel('Replicas').fill('2');
    await page.getByLabel('Name of a new variable').fill('SAMPLE_NEW');
    await page.getByRole('button', { name: 'Add', exact: true }).click();
    await page.getByRole('button', { name: 'Review changes' }).click();
    await page.getByRole('heading', { name: 'This makes r3' }).waitFor();
    assert.equal(await page.locator('.differences tbody tr').count(), 2);
    await apply(page, 'r3');
    await arrived();
  }));

/** At once; typed as keys, a text of this size takes the browser minutes. */
function paste(area, text) {
  return area.evaluate((element, value) => {
    element.value = value;
    element.dispatchEvent(new Event('input', { bubbles: true }));
  }, text);
}

/** As somebody careful writes it: in double quotes, with what has to be escaped. */
function quoted(value) {
  return `"${value.replaceAll(/["\\$`]/g, '\\$&').replaceAll('\r', '\\r')}"`;
}

/** The body of an answer as it came. */
function bytes(on, path) {
  const { port } = new URL(on.console);
  return new Promise((done, failed) => {
    const sent = request({ host: '127.0.0.1', port, path, headers: { host: `hello.localhost:${port}` } }, async (response) => {
      const parts = [];
      for await (const part of response) parts.push(part);
      done(Buffer.concat(parts));
    });
    sent.on('error', failed).end();
  });
}
