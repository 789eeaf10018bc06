// The console on a phone: everything can be reached with a thumb.
import { after, before } from 'node:test';
import { checkAccessibility, inBrowser, open, photograph } from '../browser.mjs';
import { hasTheTraffic } from '../main-job.mjs';
import { startSlipway } from '../slipway.mjs';

const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

let slipway;
before(async () => {
  slipway = await startSlipway({ args: ['--watch-seconds', '2'] });
});
after(async () => slipway?.stop());

inBrowser(
  'the pages of an app that the bar has no room for are behind More',
  async ({ page }) => {
    await open(page, slipway.link);
    await page.getByRole('button', { name: 'Deploy a sample app' }).tap();
    await page.waitForURL(/\/apps\/hello\/deploys\//);
    await hasTheTraffic(page, 'r1');
    await open(page, slipway.url('/apps/hello'));
    const bar = page.getByRole('navigation', { name: 'App' });
    await bar.getByRole('link', { name: 'Logs' }).waitFor();
    await bar.getByRole('link', { name: 'Danger' }).waitFor({ state: 'hidden' });

    await bar.getByLabel('More pages of the app').tap();
    await bar.getByRole('link', { name: 'Danger' }).waitFor();
    await checkAccessibility(page);
    await photograph(page, 'phone-more');
    await page.setViewportSize(PHONE.viewport);
    await bar.getByRole('link', { name: 'Danger' }).tap();
    await page.waitForURL(/\/apps\/hello\/danger/);
    await page.getByLabel("Type the app's name").waitFor();
    await bar.getByRole('link', { name: 'Danger' }).waitFor({ state: 'hidden' });
  },
  PHONE,
);
