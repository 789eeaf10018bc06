// What the platform's own end means for apps and deploys: nothing. On a real engine, with the ingress in a container of its own.
import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { inBrowser, open } from '../browser.mjs';
import { Engine } from '../engine.mjs';
import { hasTheTraffic, isAnsweredBy, send, until } from '../main-job.mjs';

let engine;
let slipway;
let visitors;
before(async () => {
  engine = await Engine.lend();
  slipway = await engine.start();
});
after(async () => {
  await visitors?.leave();
  await slipway?.stop();
  await engine?.giveBack();
});

inBrowser('a platform killed at any moment of a deploy finishes it when it is back, and visitors notice nothing', async ({ page }) => {
  await open(page, slipway.link);
  await page.getByRole('button', { name: 'Deploy a sample app' }).click();
  await page.waitForURL(/\/apps\/hello\/deploys\//);
  await hasTheTraffic(page, 'r1');

  visitors = new Visitors('hello');
  let release = 1;
  // From the first write to after the switch: the steps of a deploy take a few tenths of a second each.
  for (const moment of [0, 250, 500, 750, 1000, 2000]) {
    release += 1;
    const tag = release % 2 ? '1.0' : '1.1';
    await open(page, slipway.url('/apps/hello/deploy'));
    await page.getByLabel('Tag', { exact: true }).fill(tag);
    await page.getByRole('button', { name: `Deploy ${tag}` }).click();
    await page.waitForURL(/\/apps\/hello\/deploys\//);
    const deploy = page.url();
    // The page would rightly complain that the platform has gone.
    await page.goto('about:blank');
    await new Promise((done) => setTimeout(done, moment));
    await slipway.kill();
    assert.equal((await send(slipway, 'hello', '/')).status, 200, 'the app does not serve without the platform');

    slipway = await engine.start();
    await open(page, deploy);
    await hasTheTraffic(page, `r${release}`);
    await until('the deploy is over', async () => (await page.getByText(/has the traffic\. \d+ requests? lost/).count()) > 0);
    await isAnsweredBy(slipway, 'hello', tag);
  }
  await page.goto('about:blank');
  assert.deepEqual(await visitors.leave(), [], 'visitors noticed');
});

inBrowser('apps serve while the platform is stopped, and are found again', async ({ page }) => {
  visitors = new Visitors('hello');
  await slipway.stop();
  await new Promise((done) => setTimeout(done, 2000));
  slipway = await engine.start();
  await open(page, slipway.link);
  await page.getByRole('link', { name: 'hello', exact: true }).first().waitFor();
  await open(page, slipway.url('/apps/hello'));
  await page.getByText(/serves with 1 replica/).waitFor();
  await page.goto('about:blank');
  assert.deepEqual(await visitors.leave(), [], 'visitors noticed');
});

/** People who use an app all the time, 20 requests a second, and remember what went wrong. */
class Visitors {
  wrong = [];
  sent = 0;

  constructor(app) {
    this.stay = true;
    this.visit = this.#go(app);
  }

  async #go(app) {
    const address = slipway;
    while (this.stay) {
      this.sent += 1;
      const answer = await send(address, app, '/').catch((error) => ({ status: error.message }));
      if (answer.status !== 200) this.wrong.push(`request ${this.sent}: ${answer.status}`);
      await new Promise((done) => setTimeout(done, 50));
    }
  }

  /** What went wrong until now. */
  async leave() {
    this.stay = false;
    await this.visit;
    return this.sent > 10 ? this.wrong : [`only ${this.sent} requests were sent`];
  }
}
