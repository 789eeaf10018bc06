// What the platform is for, as one person does it in a browser: from the sign-in link to an app that is deployed, opened, deployed
// again, read, rolled back and deleted. The same steps run on the demo and on a real engine.
import assert from 'node:assert/strict';
import { request } from 'node:http';
import { checkAccessibility, hydrated, open, photograph } from './browser.mjs';

/** How long a deploy may take until it has the traffic, in milliseconds; patience for a busy machine. */
const DEPLOY = 90_000;

/**
 * @param {import('playwright-core').Page} page
 * @param {import('./slipway.mjs').Slipway} slipway
 * @param {string} pictures the beginning of the screenshots' names
 */
export async function doTheMainJob(page, slipway, pictures) {
  await open(page, slipway.link);
  await page.getByRole('heading', { name: 'Put the first app online' }).waitFor();
  await look(page, `${pictures}-home-empty`);

  await page.getByRole('button', { name: 'Deploy a sample app' }).click();
  await page.waitForURL(/\/apps\/hello\/deploys\//);
  await hasTheTraffic(page, 'r1');
  await look(page, `${pictures}-deploy`);
  await isAnsweredBy(slipway, 'hello', '1.0');

  await open(page, slipway.url('/apps/hello/deploy'));
  await page.getByLabel('Tag', { exact: true }).fill('1.1');
  await look(page, `${pictures}-deploy-form`);
  await page.getByRole('button', { name: 'Deploy 1.1' }).click();
  await page.waitForURL(/\/apps\/hello\/deploys\//);
  await hasTheTraffic(page, 'r2');
  await isAnsweredBy(slipway, 'hello', '1.1');

  await open(page, slipway.url('/apps/hello/logs'));
  await send(slipway, 'hello', '/a-path-to-look-for');
  await page.getByText('/a-path-to-look-for').first().waitFor();
  await look(page, `${pictures}-logs`);

  await open(page, slipway.url('/apps/hello'));
  await page.getByText('r2 serves with 1 replica.').waitFor();
  await look(page, `${pictures}-app`);
  await open(page, slipway.url('/'));
  await page.getByRole('link', { name: 'hello', exact: true }).first().waitFor();
  await look(page, `${pictures}-home`);

  await rollBack(page, slipway, 'r1');
  await isAnsweredBy(slipway, 'hello', '1.0');

  await open(page, slipway.url('/apps/hello/danger'));
  await look(page, `${pictures}-danger`);
  await page.getByLabel("Type the app's name").fill('hello');
  await page.getByRole('button', { name: 'Delete hello' }).click();
  await page.waitForURL(slipway.url('/'));
  await until('the address stops answering', async () => (await send(slipway, 'hello', '/')).status === 404);
}

async function rollBack(page, slipway, release) {
  await open(page, slipway.url('/apps/hello/releases'));
  // A rollback waits for a deploy that is on its way, but not for one that only watches what it brought.
  const button = page.getByRole('button', { name: `Roll back to ${release}` });
  await button.first().waitFor({ timeout: DEPLOY });
  await look(page, 'releases');
  await button.first().click();
  await page.getByRole('dialog').getByRole('button', { name: `Roll back to ${release}` }).click();
  await page.waitForURL(/\/apps\/hello\/deploys\//);
  await hasTheTraffic(page, release);
}

/** Waits until the page of a deploy says that this release has the traffic. */
export async function hasTheTraffic(page, release) {
  await hydrated(page);
  await page.getByText(new RegExp(`${release} has the traffic`)).first().waitFor({ timeout: DEPLOY });
}

async function look(page, name) {
  await photograph(page, name);
  await checkAccessibility(page);
}

/** The page of the sample says which version answered. */
export async function isAnsweredBy(slipway, app, version) {
  const { status, body } = await send(slipway, app, '/');
  assert.equal(status, 200);
  assert.ok(body.includes(version), `${version} does not answer: ${body}`);
}

/** Sends a request to an app as its visitors do. */
export function send(slipway, app, path) {
  const { port } = new URL(slipway.console);
  const headers = { host: `${app}.localhost:${port}`, accept: 'application/json' };
  return new Promise((done, failed) => {
    const sent = request({ host: '127.0.0.1', port, path, headers }, async (response) => {
      let body = '';
      for await (const part of response) body += part;
      done({ status: response.statusCode, body });
    });
    sent.on('error', failed).end();
  });
}

/** Asks until it is so. */
export async function until(what, isSo) {
  const giveUp = Date.now() + DEPLOY;
  while (!(await isSo())) {
    assert.ok(Date.now() < giveUp, `waited in vain until ${what}`);
    await new Promise((done) => setTimeout(done, 100));
  }
}
