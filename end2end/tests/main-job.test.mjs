// The main job without Docker: the real binary with pretended replicas.
import { after, before } from 'node:test';
import { inBrowser } from '../browser.mjs';
import { doTheMainJob } from '../main-job.mjs';
import { startSlipway } from '../slipway.mjs';

let slipway;
before(async () => (slipway = await startSlipway({ args: ['--watch-seconds', '2'] })));
after(() => slipway?.stop());

inBrowser('somebody new deploys, opens, redeploys, reads, rolls back and deletes an app', async ({ page }) => {
  await doTheMainJob(page, slipway, 'demo');
});
