// An app that writes 1,000 lines a second with two replicas, and somebody who reads them.
import { open } from './browser.mjs';
import { hasTheTraffic } from './main-job.mjs';

const REPLICAS = 2;
const PER_REPLICA = 500;

/** Lines a second, of all replicas together. */
export const PER_SECOND = REPLICAS * PER_REPLICA;

/** Brings an app that floods its log into the traffic, as a person does. */
export async function deployFlood(page, slipway) {
  await open(page, slipway.link);
  await page.getByRole('button', { name: 'Deploy a sample app' }).click();
  await page.waitForURL(/\/apps\/hello\/deploys\//);
  await hasTheTraffic(page, 'r1');
  await open(page, slipway.url('/apps/hello/deploy'));
  await page.getByText('How it runs').click();
  await page.getByLabel('Replicas').fill(String(REPLICAS));
  await page.getByLabel('Variables').fill(`LOG_PER_SECOND=${PER_REPLICA}`);
  await page.getByRole('button', { name: 'Deploy 1.0' }).click();
  await page.waitForURL(/\/apps\/hello\/deploys\//);
  await hasTheTraffic(page, 'r2');
}

/**
 * Looks at the list for a while.
 * @returns {Promise<{frames: number[], rows: number, arrived: number, seconds: number}>} how long each frame took in milliseconds, how
 *   many rows are in the document, how many lines came, and in which time
 */
export function watchFlood(page, seconds) {
  return page.evaluate(async (seconds) => {
    const list = document.querySelector('.log-lines');
    // The newest tick of each replica, by what stands in the row: "r2.1" and "tick 512".
    const newest = () => {
      const ticks = new Map();
      for (const row of list.querySelectorAll('.line')) {
        const [, number] = /tick (\d+)$/.exec(row.textContent) ?? [];
        if (number) ticks.set(row.querySelector('b').textContent, Number(number));
      }
      return [...ticks.values()].reduce((sum, tick) => sum + tick, 0);
    };
    const before = newest();
    const frames = [];
    const began = performance.now();
    let last = began;
    while (last - began < seconds * 1000) {
      const now = await new Promise(requestAnimationFrame);
      if (now > last) frames.push(now - last);
      last = Math.max(now, last);
    }
    return { frames, rows: list.querySelectorAll('.line').length, arrived: newest() - before, seconds: (last - began) / 1000 };
  }, seconds);
}

/** The ticks that the list shows, by replica, in the order in which they stand there. */
export function shownTicks(page) {
  return page.evaluate(() => {
    const ticks = {};
    for (const row of document.querySelectorAll('.log-lines .line')) {
      const [, number] = /tick (\d+)$/.exec(row.textContent) ?? [];
      if (number) (ticks[row.querySelector('b').textContent] ??= []).push(Number(number));
    }
    return ticks;
  });
}
