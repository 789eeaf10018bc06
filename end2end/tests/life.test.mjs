// An app's life between two deploys: restarted, stopped, started and taken away; and a project in which nobody makes releases for a while.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before } from 'node:test';
import { Visitor, checkAccessibility, inBrowser, open, photograph } from '../browser.mjs';
import { hasTheTraffic, isAnsweredBy, send } from '../main-job.mjs';
import { startSlipway } from '../slipway.mjs';

let slipway;
before(async () => (slipway = await startSlipway({ args: ['--watch-seconds', '1'] })));
after(() => slipway?.stop());

async function look(page, name) {
  await photograph(page, name);
  await checkAccessibility(page);
}

/** Unfolds the menu beside the app's main action and presses something in it. */
async function chooseMore(page, what) {
  await page.locator('summary[aria-label="More for this app"]').click();
  await page.getByRole('button', { name: what, exact: true }).click();
}

/** What somebody sees who comes to the stopped app by its address. */
async function lookAsVisitor(name) {
  const stranger = await Visitor.arrive();
  try {
    await stranger.page.goto(`http://hello.localhost:${new URL(slipway.console).port}/`);
    await stranger.page.getByRole('heading', { name: 'This app is stopped' }).waitFor();
    await photograph(stranger.page, name);
  } finally {
    await stranger.leave();
  }
}

inBrowser('an app is restarted, stopped, deployed while it is stopped, and started', async ({ page }) => {
  await open(page, slipway.link);
  await page.getByRole('button', { name: 'Deploy a sample app' }).click();
  await page.waitForURL(/\/apps\/hello\/deploys\//);
  await hasTheTraffic(page, 'r1');

  await open(page, slipway.url('/apps/hello'));
  await page.locator('summary[aria-label="More for this app"]').click();
  // Not tried by axe: the panel lies over what is beneath it, as panels do.
  await photograph(page, 'life-more');
  await page.getByRole('button', { name: 'Restart', exact: true }).click();
  await page.getByRole('dialog').getByText('This makes r2, with the image and the settings of r1.').waitFor();
  await look(page, 'life-restart');
  await page.getByRole('button', { name: 'Restart hello' }).click();
  await page.waitForURL(/\/apps\/hello\/deploys\//);
  await hasTheTraffic(page, 'r2');

  await open(page, slipway.url('/apps/hello'));
  await chooseMore(page, 'Stop');
  await page.getByRole('dialog').getByText('says that the app is stopped').waitFor();
  await look(page, 'life-stop');
  await page.getByRole('button', { name: 'Stop hello' }).click();
  await page.getByText(/Stopped by .*\. r2 is what starts again\./).waitFor();
  await page.getByText('None runs.').waitFor();
  await look(page, 'life-stopped');
  const answer = await send(slipway, 'hello', '/');
  assert.deepEqual([answer.status, JSON.parse(answer.body).error], [503, 'app_stopped']);
  await lookAsVisitor('life-visitor');
  await open(page, slipway.url('/'));
  await page.getByText('Stopped', { exact: true }).first().waitFor();
  await look(page, 'life-home');

  await open(page, slipway.url('/apps/hello/deploy'));
  await page.getByText(/a deploy leaves it so/).waitFor();
  await page.getByLabel('Tag', { exact: true }).fill('1.1');
  await look(page, 'life-deploy-stopped');
  await page.getByRole('button', { name: 'Deploy 1.1' }).click();
  await page.waitForURL(/\/apps\/hello\/deploys\//);
  await page.getByText('r3 is what runs when the app is started. The app is still stopped.').waitFor();
  await look(page, 'life-deployed-stopped');
  assert.equal((await send(slipway, 'hello', '/')).status, 503);

  await page.getByRole('link', { name: 'To the app' }).click();
  await page.getByText(/r3 is what starts again/).waitFor();
  await page.getByRole('button', { name: 'Start', exact: true }).click();
  await page.waitForURL(/\/apps\/hello\/deploys\//);
  await hasTheTraffic(page, 'r3');
  await look(page, 'life-started');
  await isAnsweredBy(slipway, 'hello', '1.1');

  await open(page, slipway.url('/apps/hello/danger'));
  await look(page, 'life-take-away');
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'Download compose.yaml' }).click()]);
  assert.equal(download.suggestedFilename(), 'compose.yaml');
  const file = await readFile(await download.path(), 'utf8');
  assert.match(file, /"hello":\n {4}image: "slipway-sample:1\.1"\n/);
});

inBrowser('a project is frozen, a deploy is refused with the reason, and an owner overrides it', async ({ page, visitor }) => {
  const own = await startSlipway({ args: ['--watch-seconds', '1'] });
  try {
    // The freeze that has passed, and the deploy that is refused.
    visitor.expectComplaint(/projects\/freeze/);
    visitor.expectComplaint(/deploys\/start/);
    await open(page, own.link);
    await page.getByRole('button', { name: 'Deploy a sample app' }).click();
    await page.waitForURL(/\/apps\/hello\/deploys\//);
    await hasTheTraffic(page, 'r1');
    // Somebody else has the form open already when the freeze begins.
    const second = await visitor.context.newPage();
    visitor.listen(second);
    await open(second, own.url('/apps/hello/deploy'));

    await page.getByRole('link', { name: 'first-steps' }).click();
    await page.getByRole('link', { name: 'Freeze for a while' }).click();
    await page.getByRole('heading', { name: 'Freeze first-steps' }).waitFor();
    await page.getByLabel('Until (UTC)').fill('2020-01-01T08:00');
    await page.getByLabel('No deploys, because').fill('the fair is on');
    await page.getByRole('button', { name: 'Freeze', exact: true }).click();
    await page.getByText('This has passed already. It is read as UTC.').waitFor();
    await look(page, 'life-freeze');
    const until = new Date(Date.now() + 3 * 86_400_000).toISOString().slice(0, 16);
    const sentence = `No deploys in first-steps until ${until.replace('T', ' ')} UTC, because the fair is on`;
    await page.getByLabel('Until (UTC)').fill(until);
    await page.getByRole('button', { name: 'Freeze', exact: true }).click();
    await page.waitForURL(/\/projects\/[^/]+$/);
    await page.getByText(sentence).waitFor();
    await look(page, 'life-frozen-project');

    await second.getByText(sentence).waitFor();
    await second.getByLabel('Tag', { exact: true }).fill('1.1');
    await second.getByLabel('Override the freeze, because').waitFor();
    await look(second, 'life-frozen-deploy');
    // The field has to be filled in; who gets around that is refused.
    await second.locator('form', { has: second.getByLabel('Tag', { exact: true }) }).evaluate((form) => (form.noValidate = true));
    await second.getByRole('button', { name: 'Deploy 1.1' }).click();
    await second.locator('form').getByText(sentence).waitFor();
    await second.getByLabel('Override the freeze, because').fill('prices are wrong');
    await second.getByRole('button', { name: 'Deploy 1.1' }).click();
    await second.waitForURL(/\/apps\/hello\/deploys\//);
    await hasTheTraffic(second, 'r2');
    await isAnsweredBy(own, 'hello', '1.1');

    await open(second, own.url('/apps/hello/settings'));
    await second.getByLabel('Replicas').fill('2');
    await second.getByRole('button', { name: 'Review changes' }).click();
    await second.getByLabel('Override the freeze, because').waitFor();
    await look(second, 'life-frozen-settings');
    await second.close();

    await page.getByRole('link', { name: 'Change or lift the freeze' }).click();
    await page.getByRole('button', { name: 'Change the freeze' }).waitFor();
    await look(page, 'life-frozen-freeze');
    await page.getByRole('button', { name: 'Lift the freeze' }).click();
    await page.getByRole('link', { name: 'Freeze for a while' }).waitFor();
    await page.goto('about:blank');
  } finally {
    await own.stop();
  }
});
