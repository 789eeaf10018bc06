// A log that is written faster than anybody can read: every line once, in order, in a page that stays usable.
import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { inBrowser, open } from '../browser.mjs';
import { Engine } from '../engine.mjs';
import { PER_SECOND, deployFlood, shownTicks, watchFlood } from '../log-flood.mjs';

/** What the page keeps. */
const KEPT = 5_000;

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

inBrowser('1,000 lines a second from two replicas: none is missing, doubled or out of order, and the page can be paused', async ({ page, t }) => {
  await deployFlood(page, slipway);
  await open(page, slipway.url('/apps/hello/logs'));
  const watched = await watchFlood(page, 10);
  const frames = watched.frames.sort((a, b) => a - b);
  t.diagnostic(`${watched.arrived} lines in ${watched.seconds.toFixed(1)} s, frames p95 ${frames[Math.floor(frames.length * 0.95)].toFixed(0)} ms`);
  // A busy machine may be behind; a page that chokes falls behind for good.
  assert.ok(watched.arrived > (PER_SECOND * watched.seconds) / 2, `only ${watched.arrived} lines came`);
  assert.ok(watched.rows <= KEPT, `${watched.rows} rows are in the document`);

  await page.getByRole('button', { name: 'Pause' }).click();
  await page.getByRole('button', { name: /new lines/ }).waitFor();
  const ticks = await shownTicks(page);
  assert.deepEqual(Object.keys(ticks).sort(), ['r2.1', 'r2.2']);
  for (const [replica, numbers] of Object.entries(ticks)) {
    const expected = numbers.map((_, index) => numbers[0] + index);
    assert.deepEqual(numbers, expected, `lines of ${replica} are missing, doubled or out of order`);
  }
  assert.deepEqual(await shownTicks(page), ticks, 'a paused page moves');

  // Who scrolls up reads, who comes back to the end follows again.
  await page.getByRole('button', { name: /new lines/ }).click();
  await page.getByRole('button', { name: 'Pause' }).waitFor();
  const list = page.getByRole('log');
  await list.evaluate((list) => (list.scrollTop -= 500));
  await page.getByRole('button', { name: 'Follow' }).waitFor();
  await list.evaluate((list) => (list.scrollTop = list.scrollHeight));
  await page.getByRole('button', { name: 'Pause' }).waitFor();
  await page.goto('about:blank');
});
