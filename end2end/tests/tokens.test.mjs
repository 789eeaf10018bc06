// Tokens in a browser: one is made on an app's page, shown once, deploys by curl, and is withdrawn; and one's own.
import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { checkAccessibility, inBrowser, open, photograph } from '../browser.mjs';
import { hasTheTraffic } from '../main-job.mjs';
import { startSlipway } from '../slipway.mjs';

let slipway;
before(async () => (slipway = await startSlipway({ args: ['--watch-seconds', '1'] })));
after(async () => slipway?.stop());

async function look(page, name) {
  await photograph(page, name);
  await checkAccessibility(page);
}

function api(method, path, token, body) {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  return fetch(slipway.url(`/api/v1${path}`), { method, headers, body: body && JSON.stringify(body) });
}

inBrowser('a token of an app is made, shown once, deploys, and is withdrawn', async ({ page, visitor }) => {
  await open(page, slipway.link);
  await page.getByRole('button', { name: 'Deploy a sample app' }).click();
  await page.waitForURL(/\/apps\/hello\/deploys\//);
  await hasTheTraffic(page, 'r1');
  await page.getByRole('link', { name: 'Tokens' }).click();
  await page.getByText('There is no token yet.').waitFor();
  await look(page, 'app-tokens-empty');

  visitor.expectComplaint(/answered 422|status of 422/);
  await page.getByLabel('Name', { exact: true }).fill('<ci>');
  await page.getByRole('button', { name: 'Make token' }).click();
  await page.getByText("Use letters, digits, blanks and . _ - @ in a token's name.").waitFor();
  await page.getByLabel('Name', { exact: true }).fill('ci');
  await page.getByLabel('Works for').selectOption('a year');
  await page.getByRole('button', { name: 'Make token' }).click();
  const shown = page.getByText(/^slipway_app_[0-9a-f]{64}$/);
  await shown.waitFor();
  await page.getByText(`${slipway.console}/api/v1/apps/hello/deploys`).waitFor();
  const token = (await shown.textContent()).trim();
  assert.ok(!page.url().includes(token));
  await look(page, 'app-tokens-made');

  const deploy = await api('POST', '/apps/hello/deploys', token, { tag: '1.1' });
  assert.equal(deploy.status, 202, await deploy.text());
  await open(page, slipway.url('/apps/hello/tokens'));
  assert.equal(await page.getByText(token).count(), 0, 'it is shown once');
  await page.getByRole('rowheader', { name: /ci/ }).waitFor();
  await look(page, 'app-tokens');
  await open(page, slipway.url('/apps/hello/releases'));
  await page.getByText('operator@localhost, token ci').waitFor();
  await open(page, slipway.url('/apps/hello/tokens'));
  await page.getByRole('button', { name: 'Withdraw ci' }).click();
  await page.getByText('There is no token yet.').waitFor();
  assert.equal((await api('POST', '/apps/hello/deploys', token, { tag: '1.0' })).status, 401);
  await ownTokens(page);
});

async function ownTokens(page) {
  await page.getByLabel('You and this console').click();
  await page.getByRole('link', { name: 'Your tokens' }).click();
  await page.getByRole('heading', { name: 'Your tokens' }).waitFor();
  await page.getByLabel('Name', { exact: true }).fill('laptop');
  await page.getByRole('button', { name: 'Make token' }).click();
  const shown = page.getByText(/^slipway_me_[0-9a-f]{64}$/);
  await shown.waitFor();
  const token = (await shown.textContent()).trim();
  await look(page, 'own-tokens-made');
  const who = await (await api('GET', '/whoami', token)).json();
  assert.equal(who.email, 'operator@localhost');
  await open(page, slipway.url('/me/tokens'));
  await page.getByRole('button', { name: 'Withdraw laptop' }).click();
  await page.getByRole('button', { name: 'Withdraw laptop' }).waitFor({ state: 'detached' });
  assert.equal((await api('GET', '/whoami', token)).status, 401);
}
