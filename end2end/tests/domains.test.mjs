// HTTPS and own domains in a browser: the console and an app over HTTPS, the gate there, a domain from its first press to its last.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before } from 'node:test';
import { checkAccessibility, inBrowser, open, photograph } from '../browser.mjs';
import { certificate } from '../certificate.mjs';
import { startDns } from '../dns.mjs';
import { hasTheTraffic } from '../main-job.mjs';
import { startSlipway } from '../slipway.mjs';

const DOMAIN = 'www.example.test';
const HERE = '203.0.113.1';

let slipway;
let dns;
let folder;
let port;
before(async () => {
  dns = await startDns();
  folder = await mkdtemp(join(tmpdir(), 'slipway-https-'));
  port = await freePort();
  const [chain, key] = certificate(folder, ['localhost', '*.localhost']);
  slipway = await startSlipway({
    listen: `127.0.0.1:${port}`,
    args: [
      ...['--watch-seconds', '1', '--address', HERE, '--dns-server', dns.address],
      ...['--listen-https', '127.0.0.1:0', '--certificate', chain, '--certificate-key', key],
    ],
  });
});
after(async () => {
  await slipway?.stop();
  dns?.stop();
  await rm(folder, { recursive: true, force: true });
});

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

/** What a visitor gets by plain HTTP at a host. */
async function byHttp(host, path = '/') {
  const asked = request({ host: '127.0.0.1', port, path, headers: { host: `${host}:${port}` } });
  asked.end();
  const [answer] = await once(asked, 'response');
  answer.resume();
  await once(answer, 'end');
  return { status: answer.statusCode, location: answer.headers.location };
}

async function look(page, name) {
  await photograph(page, name);
  await checkAccessibility(page);
}

inBrowser(
  'an app is reached over HTTPS, and by a domain of its own once that points here',
  async ({ page, visitor }) => {
    assert.match(slipway.console, /^https:\/\/localhost:\d+$/);
    await open(page, slipway.link);
    await page.getByRole('button', { name: 'Deploy a sample app' }).click();
    await page.waitForURL(/\/apps\/hello\/deploys\//);
    await hasTheTraffic(page, 'r1');
    await domains(page, visitor);
    await overHttps(page);
    await certificates(page);
    visitor.withoutIcons();
  },
  { ignoreHTTPSErrors: true },
);

async function domains(page, visitor) {
  await open(page, slipway.url('/apps/hello/domains'));
  await page.getByText('There is no domain yet.').waitFor();
  await page.getByText(`set A to ${HERE}`).waitFor();
  await look(page, 'domains-empty');

  visitor.expectComplaint(/answered 422|status of 422/);
  await page.getByLabel('Domain', { exact: true }).fill('https://www.example.test/');
  await page.getByRole('button', { name: 'Add domain' }).click();
  await page.getByText('This is no domain. Write it like www.example.com').waitFor();

  dns.hosts.set(DOMAIN, '203.0.113.9');
  await page.getByLabel('Domain', { exact: true }).fill(DOMAIN);
  await page.getByRole('button', { name: 'Add domain' }).click();
  await page.getByText(`${DOMAIN} points to 203.0.113.9, not here: set A to ${HERE}.`).waitFor();
  assert.equal((await byHttp(DOMAIN)).status, 404);
  await look(page, 'domains-elsewhere');

  dns.hosts.set(DOMAIN, HERE);
  await page.getByRole('button', { name: `Look again: ${DOMAIN}` }).click();
  await page.getByText(`${DOMAIN} points here.`).waitFor();
  await page.getByText(`There is no certificate for ${DOMAIN}`).waitFor();
  await until(async () => (await byHttp(DOMAIN)).status === 200);
  await look(page, 'domains');

  await page.getByRole('button', { name: `Send on: ${DOMAIN}` }).click();
  await page.getByText("Are sent on to the app's own address").waitFor();
  const { port: https } = new URL(slipway.console);
  await until(async () => (await byHttp(DOMAIN, '/a?b=c')).location === `https://hello.localhost:${https}/a?b=c`);
  await page.getByRole('button', { name: `Remove: ${DOMAIN}` }).click();
  await page.getByText('There is no domain yet.').waitFor();
  await until(async () => (await byHttp(DOMAIN)).status === 404);
}

/** By HTTP one comes to HTTPS, and there the gate lets through who has signed in at the console. */
async function overHttps(page) {
  const { port: https } = new URL(slipway.console);
  await open(page, slipway.url('/apps/hello/access'));
  await page.getByLabel('The company').check();
  await page.getByRole('button', { name: 'Change access' }).click();
  await page.getByText('Changed. It counts from now on.').waitFor();
  const app = `https://hello.localhost:${https}/`;
  await page.goto(`http://hello.localhost:${port}/`);
  assert.equal(page.url(), app);
  const pass = (await page.context().cookies(app)).find((cookie) => cookie.name === '__Host-slipway-gate');
  assert.ok(pass?.secure && pass.httpOnly, 'the pass is for HTTPS and no script');
}

async function certificates(page) {
  await open(page, slipway.url('/'));
  await page.getByLabel('You and this console').click();
  await page.getByRole('link', { name: 'Certificates' }).click();
  await page.getByText('*.localhost').waitFor();
  await page.getByText('Example Trust').waitFor();
  await look(page, 'certificates');
}

async function until(holds) {
  const end = Date.now() + 20_000;
  while (!(await holds())) {
    assert.ok(Date.now() < end, `waited in vain for ${holds}`);
    await new Promise((done) => setTimeout(done, 50));
  }
}
