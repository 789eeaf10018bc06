// Signing in at a real OpenID provider that is dressed as Google, in a real browser, at the real binary.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before } from 'node:test';
import { checkAccessibility, hydrated, inBrowser, open, photograph, Visitor } from '../browser.mjs';
import { change } from '../database.mjs';
import { startProvider } from '../oidc-provider.mjs';
import { startSlipway } from '../slipway.mjs';

const clientId = 'slipway';
const clientSecret = randomBytes(24).toString('hex');

let provider;
let slipway;

/** A platform that admits accounts of example.com at `issuer`. */
const startAt = (issuer) =>
  startSlipway({
    args: ['--oidc-issuer', issuer, '--oidc-client-id', clientId, '--oidc-domain', 'example.com', '--oidc-name', 'Google'],
    env: { SLIPWAY_OIDC_CLIENT_SECRET: clientSecret },
  });

before(async () => {
  provider = await startProvider({ clientId, clientSecret });
  slipway = await startAt(provider.issuer);
});
after(async () => {
  await slipway?.stop();
  await provider?.close();
});

/** Presses the console's button; ends at the provider's page. */
async function goToProvider(page) {
  await open(page, slipway.url('/sign-in'));
  await page.getByRole('link', { name: 'Sign in with Google' }).click();
  await page.getByLabel('Email').waitFor();
}

/** Types the address at the provider and comes back to the console; gives the address it came back by. */
async function signInAs(page, email) {
  await goToProvider(page);
  const callback = page.waitForRequest((request) => request.url().includes('/sign-in/oidc/callback'));
  await page.getByLabel('Email').fill(email);
  await page.getByRole('button', { name: 'Continue' }).click();
  const url = (await callback).url();
  await page.waitForURL((here) => here.href.startsWith(slipway.console) && !here.pathname.includes('callback'));
  await hydrated(page);
  return url;
}

async function assertSignedIn(page, name) {
  await open(page, slipway.url('/'));
  assert.equal(new URL(page.url()).pathname, '/');
  await page.getByLabel('You and this console').click();
  await page.getByText(name).waitFor();
}

async function assertSignedOut(page) {
  await open(page, slipway.url('/'));
  assert.equal(new URL(page.url()).pathname, '/sign-in');
}

async function assertRefused(page, sentence) {
  await page.getByText(sentence).waitFor();
  await assertSignedOut(page);
}

inBrowser('somebody of the company signs in, and out again at once', async ({ page, visitor }) => {
  await open(page, slipway.url('/sign-in'));
  await photograph(page, 'sign-in');
  await checkAccessibility(page);

  await signInAs(page, 'ada@example.com');
  await assertSignedIn(page, 'Ada Lovelace');
  const cookies = await visitor.context.cookies(slipway.console);

  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.waitForURL((url) => url.pathname === '/sign-in');
  await assertSignedOut(page);

  // Somebody who has copied the cookie has nothing any more.
  await visitor.context.addCookies(cookies);
  await assertSignedOut(page);
});

inBrowser('the session cookie is new at sign-in, hidden from scripts and not sent along by other sites', async ({ page, visitor }) => {
  await goToProvider(page);
  const [pending] = await visitor.context.cookies(slipway.console);
  await page.getByLabel('Email').fill('ada@example.com');
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.waitForURL(slipway.url('/'));
  await hydrated(page);
  const [session] = await visitor.context.cookies(slipway.console);
  assert.notEqual(session.value, pending.value);
  assert.equal(session.httpOnly, true);
  assert.equal(session.sameSite, 'Lax');
});

for (const [who, email, sentence] of [
  ['an account of another company', 'other@wrong.example', /is not an account of/],
  ['a private account', 'mallory@gmail.com', /is not an account of/],
  ['a private account under an address of the company', 'lookalike@example.com', /is not an account of/],
  ['an unverified address', 'unverified@example.com', /has not verified/],
]) {
  inBrowser(`${who} is refused with the reason`, async ({ page }) => {
    await signInAs(page, email);
    await page.getByText(sentence).waitFor();
    await photograph(page, `sign-in-refused-${email.replaceAll(/\W/g, '-')}`);
    await checkAccessibility(page);
    await assertSignedOut(page);
  });
}

inBrowser('after a refusal the right account still gets in', async ({ page, visitor }) => {
  await signInAs(page, 'mallory@gmail.com');
  // Google would offer a choice; the stand-in remembers by cookie.
  await visitor.context.clearCookies({ domain: '127.0.0.1' });
  await signInAs(page, 'ada@example.com');
  await assertSignedIn(page, 'Ada Lovelace');
});

inBrowser('who presses Cancel at the provider is told how to go on', async ({ page }) => {
  await goToProvider(page);
  await page.getByRole('button', { name: 'Cancel' }).click();
  await page.waitForURL((url) => url.pathname === '/sign-in');
  await hydrated(page);
  await assertRefused(page, /was stopped at Google/);
});

inBrowser('an answer of the provider works once, in one browser', async ({ page }) => {
  const callback = await signInAs(page, 'ada@example.com');

  await Visitor.during('a thief', async (thief) => {
    // Nothing pending in the thief's browser: the address alone is worth nothing.
    await open(thief.page, callback);
    await assertRefused(thief.page, /not started in this browser/);

    // A sign-in of the thief's own is pending, with another state.
    await thief.page.goto(slipway.url('/sign-in/oidc'));
    await thief.page.getByLabel('Email').waitFor();
    await open(thief.page, callback);
    await assertRefused(thief.page, /not started in this browser/);
  });

  // The same browser, by going back to it: what was pending is gone, and the session it made is not disturbed.
  await open(page, callback);
  await assertSignedIn(page, 'Ada Lovelace');
});

inBrowser('a forged state is refused and costs the pending sign-in', async ({ page }) => {
  await goToProvider(page);
  const providerPage = page.url();
  await open(page, slipway.url('/sign-in/oidc/callback?code=guessed&state=forged'));
  await assertRefused(page, /not started in this browser/);

  await page.goto(providerPage);
  await page.getByLabel('Email').fill('ada@example.com');
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.waitForURL((url) => url.pathname === '/sign-in');
  await hydrated(page);
  await assertRefused(page, /not started in this browser/);
});

inBrowser('a sign-in that took eleven minutes is refused', async ({ page }) => {
  await goToProvider(page);
  change(
    slipway,
    `update sessions set data = json_set(data, '$.sign_in.started_at', json_extract(data, '$.sign_in.started_at') - 660000)
     where json_extract(data, '$.sign_in.started_at') is not null`,
  );
  await page.getByLabel('Email').fill('ada@example.com');
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.waitForURL((url) => url.pathname === '/sign-in');
  await hydrated(page);
  await assertRefused(page, /more than ten minutes/);
});

inBrowser('a session that nobody used for too long is over', async ({ page }) => {
  await signInAs(page, 'grace@example.com');
  await assertSignedIn(page, 'Grace Hopper');
  // An open page asks now and then, which counts as use.
  await page.goto('about:blank');
  change(slipway, "update sessions set expires_at = 1 where person_id = (select id from people where email = 'grace@example.com')");
  await assertSignedOut(page);
});

inBrowser('a session ends a week after the sign-in even when it is used', async ({ page }) => {
  await signInAs(page, 'grace@example.com');
  await page.goto('about:blank');
  change(
    slipway,
    `update sessions set data = json_set(data, '$.signed_in_at', json_extract(data, '$.signed_in_at') - 7 * 24 * 3600 * 1000 - 1)
     where person_id = (select id from people where email = 'grace@example.com')`,
  );
  await assertSignedOut(page);
});

inBrowser('a provider that is down keeps the platform from nothing but the sign-in', async ({ page }) => {
  const gone = await startProvider({ clientId, clientSecret });
  const port = Number(new URL(gone.issuer).port);
  await gone.close();
  const lonely = await startAt(gone.issuer);
  let back;
  try {
    await open(page, lonely.url('/sign-in'));
    await page.getByRole('link', { name: 'Sign in with Google' }).click();
    await page.getByText(/does not answer at the moment/).waitFor();
    await hydrated(page);

    back = await startProvider({ clientId, clientSecret, port });
    await page.getByRole('link', { name: 'Sign in with Google' }).click();
    await page.getByLabel('Email').waitFor();
  } finally {
    await lonely.stop();
    await back?.close();
  }
});
