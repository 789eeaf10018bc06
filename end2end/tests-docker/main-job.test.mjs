// The main job on a real engine: run in the network namespace of a host of the testbed, where the platform's port is.
import { after, before } from 'node:test';
import { inBrowser } from '../browser.mjs';
import { Engine } from '../engine.mjs';
import { doTheMainJob } from '../main-job.mjs';

let engine;
let slipway;
before(async () => {
  engine = await Engine.lend();
  slipway = await engine.start();
});
after(async () => {
  await slipway?.stop();
  await engine?.giveBack();
});

inBrowser('somebody new deploys, opens, redeploys, reads, rolls back and deletes an app on a real engine', async ({ page }) => {
  await doTheMainJob(page, slipway, 'docker');
});
