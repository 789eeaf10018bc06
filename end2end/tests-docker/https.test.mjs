// HTTPS on a real engine, where the ingress is a container that publishes a second port. Not in a browser: a deploy adds to the
// network interfaces of this host, and Chromium gives up HTTP/2 connections when they change.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import http from 'node:http';
import https from 'node:https';
import { after, before, test } from 'node:test';
import { certificate } from '../certificate.mjs';
import { Engine } from '../engine.mjs';
import { until } from '../main-job.mjs';

let engine;
let slipway;
let trusted;
before(async () => {
  engine = await Engine.lend();
  const [chain, key] = certificate(engine.folder, ['localhost', '*.localhost', 'hello.localhost']);
  trusted = await readFile(chain);
  slipway = await engine.start(['--listen-https', '127.0.0.1:8443', '--certificate', chain, '--certificate-key', key]);
});
after(async () => {
  await slipway?.stop();
  await engine?.giveBack();
});

/** Sends a request to where an address leads on this machine. By https:// the answer counts only under the test's certificate. */
async function ask(address, { method = 'GET', ...headers } = {}) {
  const { protocol, host, hostname, port, pathname, search } = new URL(address);
  const way = protocol === 'https:' ? https : http;
  const to = { host: '127.0.0.1', port, servername: hostname, ca: trusted, path: pathname + search, agent: false };
  const asked = way.request({ ...to, method, headers: { ...headers, host } }).end();
  const [answer] = await once(asked, 'response');
  answer.resume();
  await once(answer, 'end');
  return { status: answer.statusCode, headers: answer.headers };
}

test('console and app are reached over HTTPS, the app also while the platform is stopped', async () => {
  assert.equal(slipway.console, 'https://localhost:8443');
  const [cookie] = (await ask(slipway.link)).headers['set-cookie'];
  assert.match(cookie, /^__Host-slipway=.*; Secure/);
  const pressed = await ask(slipway.url('/api/console/home/sample'), { method: 'POST', cookie: cookie.split(';')[0], accept: 'application/json' });
  assert.ok(pressed.status < 400, `the deploy was answered with ${pressed.status}`);
  const app = 'https://hello.localhost:8443/';
  await until('the app answers', async () => (await ask(app)).status === 200);
  const plain = await ask('http://hello.localhost:8080/');
  assert.deepEqual([plain.status, plain.headers.location], [301, app]);
  await slipway.stop();
  assert.equal((await ask(app)).status, 200);
});
