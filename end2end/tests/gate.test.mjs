// The gate in front of apps, in a browser: a colleague signs in on the way to an app, somebody who is not on its list does not get
// in, signing out closes it, and a program is told instead of redirected.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before } from 'node:test';
import { checkAccessibility, hydrated, inBrowser, open, photograph, Visitor } from '../browser.mjs';
import { send, until } from '../main-job.mjs';
import { startProvider } from '../oidc-provider.mjs';
import { startSlipway } from '../slipway.mjs';

const clientId = 'slipway';
const clientSecret = randomBytes(24).toString('hex');

let provider;
let slipway;
before(async () => {
  provider = await startProvider({ clientId, clientSecret });
  slipway = await startSlipway({
    args: ['--oidc-issuer', provider.issuer, '--oidc-client-id', clientId, '--oidc-domain', 'example.com', '--oidc-name', 'Google'],
    env: { SLIPWAY_OIDC_CLIENT_SECRET: clientSecret },
  });
});
after(async () => {
  await slipway?.stop();
  await provider?.close();
});

const app = (path) => `http://hello.localhost:${new URL(slipway.console).port}${path}`;

/** Signs in from the console's sign-in page; where that ends is the caller's to wait for. */
async function signIn(page, email) {
  await page.getByRole('link', { name: 'Sign in with Google' }).click();
  await page.getByLabel('Email').fill(email);
  await page.getByRole('button', { name: 'Continue' }).click();
}

async function signInAs(page, email) {
  await open(page, slipway.url('/sign-in'));
  await signIn(page, email);
  await page.waitForURL(slipway.url('/'));
  await hydrated(page);
}

async function look(page, name) {
  await photograph(page, name);
  await checkAccessibility(page);
}

async function signOut(page) {
  await open(page, slipway.url('/'));
  await page.getByLabel('You and this console').click();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.waitForURL(slipway.url('/sign-in'));
}

/** Chooses on the app's page, and waits until it counts. */
async function changeAccess(page, choose) {
  await open(page, slipway.url('/apps/hello/access'));
  await choose();
  await page.getByRole('button', { name: 'Change access' }).click();
  await page.getByText('Changed. It counts from now on.').waitFor();
}

inBrowser('a colleague opens an app, signs in on the way, and is back at the page first asked for', async ({ page, visitor }) => {
  await signInAs(page, 'ada@example.com');
  await page.getByRole('button', { name: 'Deploy a sample app' }).click();
  await until('the app is there, behind its gate', async () => (await send(slipway, 'hello', '/')).status === 401);
  await open(page, slipway.url('/apps/hello'));
  await page.getByRole('link', { name: 'Open to: The company' }).waitFor();
  await look(page, 'gate-overview');
  const answer = await send(slipway, 'hello', '/');
  assert.equal(answer.status, 401);
  assert.equal(JSON.parse(answer.body).sign_in, app(''));

  const grace = await Visitor.arrive();
  try {
    await grace.page.goto(app('/echo/deep?first=1&second=%2F'));
    await grace.page.waitForURL(slipway.url('/sign-in'));
    await hydrated(grace.page);
    await signIn(grace.page, 'grace@example.com');
    await grace.page.waitForURL(app('/echo/deep?first=1&second=%2F'));
    await grace.page.getByText('GET /echo/deep?first=1&second=%2F').waitFor();
    const cookies = await grace.context.cookies(app('/'));
    assert.deepEqual(cookies.map(({ name }) => name).sort(), ['slipway-gate', 'slipway-gate-nonce'], 'the console keeps its own');
    assert.ok(cookies.every(({ httpOnly, sameSite, domain }) => httpOnly && sameSite === 'Lax' && domain === 'hello.localhost'));

    await leavesWithTheSession(grace);
    grace.withoutIcons().assertContent();
  } finally {
    await grace.leave();
  }
  await opensForListedPeopleOnly(page);
  visitor.withoutIcons();
});

/** The app's page is open in one tab; signing out in another ends what its scripts may ask. */
async function leavesWithTheSession(grace) {
  grace.expectComplaint(/401/);
  const ask = () => grace.page.evaluate(async () => {
    const answer = await fetch('/echo/script', { redirect: 'error' });
    return { status: answer.status, kind: answer.headers.get('content-type') };
  });
  assert.equal((await ask()).status, 200);
  const console = await grace.context.newPage();
  await signOut(console);
  await until('the gate is closed to scripts', async () => (await ask()).status === 401);
  assert.equal((await ask()).kind, 'application/json');
  await grace.page.goto(app('/'));
  await grace.page.waitForURL(slipway.url('/sign-in'));
  await hydrated(grace.page);
}

async function opensForListedPeopleOnly(page) {
  await open(page, slipway.url('/apps/hello/access'));
  await look(page, 'gate-access-company');
  await changeAccess(page, async () => {
    await page.getByRole('radio', { name: /Listed people/ }).check();
    await page.getByLabel('People', { exact: true }).fill('nobody@example.com\n@partner.example');
    await page.getByRole('checkbox').first().check();
    await page.getByLabel('Paths that are open to everybody').fill('/healthz');
  });
  await page.getByRole('rowheader', { name: 'nobody@example.com' }).waitFor();
  await page.getByRole('cell', { name: 'belongs to ada' }).waitFor();
  await look(page, 'gate-access-people');
  assert.equal((await send(slipway, 'hello', '/healthz')).status, 200);
  assert.equal((await send(slipway, 'hello', '/healthz/../')).status, 401);
  await page.goto(app('/echo/owner'));
  await page.getByText('GET /echo/owner').waitFor();

  const grace = await Visitor.arrive();
  try {
    grace.expectComplaint(/403/);
    await grace.page.goto(app('/'));
    await grace.page.waitForURL(slipway.url('/sign-in'));
    await hydrated(grace.page);
    await signIn(grace.page, 'grace@example.com');
    await grace.page.waitForURL(/\/gate\/closed\?app=hello.localhost/);
    await hydrated(grace.page);
    await grace.page.getByRole('heading', { name: /is not open to you/ }).waitFor();
    await grace.page.getByText('You are signed in as grace@example.com').waitFor();
    await look(grace.page, 'gate-closed');
    await grace.page.getByRole('button', { name: 'Ask for access' }).click();
    await grace.page.getByText('You have asked for access.').waitFor();

    await open(page, slipway.url('/apps/hello'));
    await page.getByText('One person asks to be let in.').waitFor();
    await look(page, 'gate-overview-asked');
    await open(page, slipway.url('/apps/hello/access'));
    await look(page, 'gate-access-asked');
    await page.getByRole('button', { name: 'Let in: grace@example.com' }).click();
    await page.getByRole('rowheader', { name: 'grace@example.com', exact: true }).waitFor();
    await page.getByText('Asking to be let in').waitFor({ state: 'detached' });
    assert.match(await page.getByLabel('People', { exact: true }).inputValue(), /grace@example\.com/, 'the form follows');
    await grace.page.goto(app('/echo/at-last'));
    await grace.page.getByText('GET /echo/at-last').waitFor();
    grace.withoutIcons().assertContent();
  } finally {
    await grace.leave();
  }
}

inBrowser('a list that names nobody is refused at its field', async ({ page, visitor }) => {
  visitor.expectComplaint(/change-access|422/);
  await signInAs(page, 'ada@example.com');
  await open(page, slipway.url('/apps/hello/access'));
  await page.getByRole('radio', { name: /Listed people/ }).check();
  await page.getByLabel('People', { exact: true }).fill('');
  await page.getByRole('checkbox').first().uncheck();
  await page.getByRole('button', { name: 'Change access' }).click();
  await page.getByText('Name at least one person, team or domain').waitFor();
  await look(page, 'gate-access-refused');
});
