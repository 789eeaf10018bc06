// The main job on a real engine: run in the network namespace of a host of the testbed, where the platform's port is.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before } from 'node:test';
import { inBrowser } from '../browser.mjs';
import { doTheMainJob } from '../main-job.mjs';
import { startSlipway } from '../slipway.mjs';

const socket = process.env.SLIPWAY_TEST_ENGINE;
const start = (folder) =>
  startSlipway({ demo: false, listen: '127.0.0.1:8080', folder, args: ['--watch-seconds', '2', '--docker-socket', socket] });

let folder;
let slipway;
before(async () => {
  assert.ok(socket, 'SLIPWAY_TEST_ENGINE must name the socket of an engine that may be used; `make test` does that');
  folder = await mkdtemp(join(tmpdir(), 'slipway-docker-'));
  slipway = await start(folder);
});
after(async () => {
  await slipway?.stop();
  docker('rm', '--force', 'slipway-ingress');
  for (const service of docker('service', 'ls', '--quiet').split('\n').filter(Boolean)) docker('service', 'rm', service);
  await rm(folder, { recursive: true, force: true });
});

inBrowser('somebody new deploys, opens, redeploys, reads, rolls back and deletes an app on a real engine', async ({ page }) => {
  await doTheMainJob(page, slipway, 'docker');
});

function docker(...words) {
  return execFileSync('docker', ['--host', `unix://${socket}`, ...words], { encoding: 'utf8' });
}
