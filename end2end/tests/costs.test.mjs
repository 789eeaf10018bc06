// Money in a browser: an admin sets rates, and the pages of an app, a team and the company show the same number.
import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { checkAccessibility, inBrowser, open, photograph } from '../browser.mjs';
import { change } from '../database.mjs';
import { hasTheTraffic } from '../main-job.mjs';
import { startSlipway } from '../slipway.mjs';

const DAY = 24 * 3600 * 1000;

let slipway;
before(async () => (slipway = await startSlipway({ args: ['--watch-seconds', '1'] })));
after(() => slipway?.stop());

async function look(page, name) {
  await photograph(page, name);
  await checkAccessibility(page);
}

/** The number that the page is about. */
const main = (page) => page.locator('.figures .main dd').textContent();

async function setRate(page, of, value, { share, from, currency } = {}) {
  await page.locator('select[name="rate[of]"]').selectOption(of);
  await page.getByLabel('Rate', { exact: true }).fill(value);
  if (currency !== undefined) await page.getByLabel('Currency').fill(currency);
  if (share !== undefined) await page.getByLabel('Platform share').fill(share);
  if (from !== undefined) await page.getByLabel('From', { exact: true }).fill(from);
  await page.getByRole('button', { name: 'Set rate' }).click();
}

/** Waits until a row of the table of what holds now says this. */
const holds = (page, text) => page.locator('section', { hasText: 'Now' }).first().getByRole('cell', { name: text, exact: true }).waitFor();

inBrowser('an admin sets rates, and one number stands on every page', async ({ page, visitor }) => {
  // The price in a currency that cannot be exchanged, and the one for a time that has been priced.
  visitor.expectComplaint(/rates\/set/);
  await open(page, slipway.link);
  await page.getByRole('button', { name: 'Deploy a sample app' }).click();
  await page.waitForURL(/\/apps\/hello\/deploys\//);
  await hasTheTraffic(page, 'r1');

  await open(page, slipway.url('/cost'));
  await page.getByRole('heading', { name: 'No rates yet' }).waitFor();
  await look(page, 'cost-no-rates');
  await page.getByRole('link', { name: 'Set rates' }).click();
  await page.getByLabel('Currency').fill('eur');
  await look(page, 'rates-empty');
  await page.getByRole('button', { name: 'Choose currency' }).click();
  await page.getByText('Statements are in EUR.').waitFor();

  await setRate(page, 'memory', '0.01', { currency: 'USD', share: '40', from: '2020-01-01' });
  await page.getByText('There is no exchange rate from USD to EUR').waitFor();
  await setRate(page, 'exchange', '0.8');
  await holds(page, '0.8 EUR');
  await setRate(page, 'tax', '20');
  await holds(page, '20 %');
  await setRate(page, 'memory', '0.01');
  await holds(page, '0.01 USD + 40 %');

  await seen(page);
  // As if it had run for ten days already.
  change(slipway, `update usage set began_at = began_at - ${10 * DAY}`);
  await open(page, slipway.url('/apps/hello/cost'));
  await page.getByText('There is no rate for this time.').first().waitFor();
  await look(page, 'cost-app-without-a-rate');

  await open(page, slipway.url('/cost/rates'));
  await setRate(page, 'cpu', '0.02', { currency: 'EUR', share: '', from: '2020-01-01' });
  await holds(page, '0.02 EUR');
  await setRate(page, 'tax', '21');
  await page.getByText('There is a rate for that time').waitFor();
  await look(page, 'rates');

  const number = await throughTheMonths(page);
  await open(page, slipway.url('/apps/hello/cost'));
  await look(page, 'cost-app');
  assert.match(number, /^\d+\.\d\d EUR$/);

  await open(page, slipway.url('/apps/hello/deploy'));
  await page.getByText('EUR with tax in 30 days').waitFor();
  await page.getByText('How it runs').click();
  await page.getByLabel('Replicas').fill('3');
  await page.getByText(/EUR with tax in 30 days, instead of \d+\.\d\d EUR/).waitFor();
  await look(page, 'cost-before-a-deploy');

  await open(page, slipway.url('/apps/hello/cost'));
  await page.getByRole('link', { name: 'Statement of the team' }).click();
  await page.getByRole('link', { name: 'hello' }).waitFor();
  await look(page, 'cost-team');
  await sameAsTable(page);
  await open(page, slipway.url('/cost'));
  await page.getByRole('link', { name: 'operator' }).waitFor();
  await look(page, 'cost-company');
  await sameAsTable(page);
  await csv(page);
});

/** Waits until the controller has written down that the app runs. */
async function seen(page) {
  await open(page, slipway.url('/apps/hello/cost'));
  while (!(await page.getByText('still runs').first().isVisible())) await open(page, slipway.url('/apps/hello/cost'));
}

/** What ten days cost, this month and the one before together if it has just begun. */
async function throughTheMonths(page) {
  await open(page, slipway.url('/apps/hello/cost'));
  const number = await main(page);
  await page.getByRole('navigation', { name: 'Months' }).getByRole('link').first().click();
  await page.waitForURL(/month=/);
  await page.getByText('Provisional').waitFor({ state: 'detached' });
  return number;
}

/** The number is what the last line of the table says. */
async function sameAsTable(page) {
  const last = page.locator('tfoot td').last();
  assert.equal((await last.textContent()).replace('with tax ', '').trim(), await main(page));
}

async function csv(page) {
  const response = await page.request.get(slipway.url('/cost/export/statement.csv'));
  assert.equal(response.headers()['content-type'], 'text/csv; charset=utf-8');
  const lines = (await response.text()).trimEnd().split('\r\n');
  assert.equal(lines.length, 3);
  assert.match(lines[1], /"provisional".*"hello","memory"/);
}
