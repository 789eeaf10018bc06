// An app's life between two deploys: restarted, stopped, started.
import assert from 'node:assert/strict';
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
  await look(page, 'life-more');
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
});
