// The one-time link of a machine without an identity provider.
import assert from 'node:assert/strict';
import { request } from 'node:http';
import { networkInterfaces } from 'node:os';
import { after, before, test } from 'node:test';
import { checkAccessibility, inBrowser, open, photograph, Visitor } from '../browser.mjs';
import { change } from '../database.mjs';
import { startSlipway } from '../slipway.mjs';

/** An address of this machine that is not loopback (the testbed's bridge has one, if nothing else): who connects from it is not "from here". */
const outside = Object.values(networkInterfaces()).flat().find((address) => address.family === 'IPv4' && !address.internal)?.address;

let slipway;
before(async () => (slipway = await startSlipway()));
after(() => slipway?.stop());

async function pathAfter(page, url) {
  await open(page, url);
  return new URL(page.url()).pathname;
}

inBrowser('the link signs in once, in one browser', async ({ page }) => {
  assert.equal(await pathAfter(page, slipway.url('/')), '/sign-in');
  await photograph(page, 'sign-in-by-link');
  await checkAccessibility(page);

  assert.equal(await pathAfter(page, slipway.link), '/');
  await page.getByLabel('You and this console').click();
  await page.getByText('Operator', { exact: true }).waitFor();

  await Visitor.during('another browser', async (another) => {
    assert.equal(await pathAfter(another.page, slipway.link), '/sign-in');
    await another.page.getByText(/has been used/).waitFor();
    await checkAccessibility(another.page);
    assert.equal(await pathAfter(another.page, slipway.url('/')), '/sign-in');
  });
});

/** Runs `body` with a platform of its own, whose link nobody has used. */
async function withFreshLink(page, body) {
  const fresh = await startSlipway();
  try {
    await body(fresh);
    // A page of the console would rightly complain when the platform ends under it.
    await page.goto('about:blank');
  } finally {
    await fresh.stop();
  }
}

inBrowser('the link does not work after its 30 minutes', ({ page }) =>
  withFreshLink(page, async (fresh) => {
    change(fresh, 'update sign_in_links set expires_at = expires_at - 30 * 60 * 1000');
    assert.equal(await pathAfter(page, fresh.link), '/sign-in');
    await page.getByText(/older than 30 minutes/).waitFor();
    assert.equal(await pathAfter(page, fresh.url('/')), '/sign-in');
  }));

inBrowser('a guessed token does not work and costs nothing', ({ page }) =>
  withFreshLink(page, async (fresh) => {
    for (const token of ['', 'a'.repeat(64), "' or 1 = 1 --"]) {
      assert.equal(await pathAfter(page, fresh.url(`/sign-in/link?token=${encodeURIComponent(token)}`)), '/sign-in');
    }
    assert.equal(await pathAfter(page, fresh.link), '/');
  }));

/** Somebody in the same network has seen the link on a screen, and claims in headers to be this machine. */
test('the link does not work from another machine, whatever its headers say', async () => {
  assert.ok(outside, 'this machine has no address but loopback');
  const exposed = await startSlipway({ listen: `${outside}:0` });
  try {
    const lies = { 'x-slipway-local': 'yes', 'x_slipway_local': 'yes', 'x-forwarded-for': '127.0.0.1', forwarded: 'for=127.0.0.1' };
    const answer = await get(outside, exposed.link, lies);
    assert.equal(answer.status, 303);
    assert.match(answer.headers.location, /^\/sign-in\?refused=/);
    assert.equal(answer.headers['set-cookie'], undefined);
  } finally {
    await exposed.stop();
  }
});

/** One request to `address`, with the host name that stands in `url`. */
function get(address, url, headers) {
  const { host, port, pathname, search } = new URL(url);
  return new Promise((done, failed) => {
    const sent = request({ host: address, port, path: pathname + search, headers: { host, ...headers } }, (response) => {
      response.resume();
      done({ status: response.statusCode, headers: response.headers });
    });
    sent.on('error', failed).end();
  });
}
