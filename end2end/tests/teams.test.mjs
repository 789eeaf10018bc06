// Teams in a browser: an owner invites, somebody new joins and deploys, a role is taken while a page is open, and the pages of
// permissions, limits, audit and sessions.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { after, before, test } from 'node:test';
import { checkAccessibility, hydrated, inBrowser, open, photograph, Visitor } from '../browser.mjs';
import { change } from '../database.mjs';
import { hasTheTraffic } from '../main-job.mjs';
import { startProvider } from '../oidc-provider.mjs';
import { binary, startSlipway } from '../slipway.mjs';

const clientId = 'slipway';
const clientSecret = randomBytes(24).toString('hex');

const IPHONE =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1';

let provider;
let slipway;
before(async () => {
  provider = await startProvider({ clientId, clientSecret });
  slipway = await startSlipway({
    args: [
      ...['--oidc-issuer', provider.issuer, '--oidc-client-id', clientId, '--oidc-domain', 'example.com', '--oidc-name', 'Google'],
      ...['--admin', 'ada@example.com', '--watch-seconds', '2'],
    ],
    env: { SLIPWAY_OIDC_CLIENT_SECRET: clientSecret },
  });
});
after(async () => {
  await slipway?.stop();
  await provider?.close();
});

async function signInAs(page, email) {
  await open(page, slipway.url('/sign-in'));
  await page.getByRole('link', { name: 'Sign in with Google' }).click();
  await page.getByLabel('Email').fill(email);
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.waitForURL((here) => here.href.startsWith(slipway.console) && !here.pathname.includes('callback'));
  await hydrated(page);
}

async function look(page, name) {
  await photograph(page, name);
  await checkAccessibility(page);
}

inBrowser('an owner invites, somebody new joins, deploys, and loses the role while looking', async ({ page }) => {
  await signInAs(page, 'ada@example.com');
  await open(page, slipway.url('/teams'));
  await look(page, 'teams');
  await page.getByRole('link', { name: 'New team' }).click();
  await page.getByLabel('Name').fill('search');
  await page.getByRole('button', { name: 'Create team' }).click();
  await page.waitForURL(/\/teams\/[0-9a-f-]{36}$/);
  const team = new URL(page.url()).pathname;
  await page.getByLabel('Their e-mail address').fill('grace@example.com');
  await page.getByRole('button', { name: 'Invite', exact: true }).click();
  const link = page.getByText(/\/invitations\/[0-9a-f]{64}/);
  await link.waitFor();
  const address = (await link.textContent()).trim();
  await page.getByRole('cell', { name: 'grace@example.com' }).or(page.getByRole('rowheader', { name: /grace@example.com/ })).first().waitFor();
  await look(page, 'team-people-invited');

  await Visitor.during('somebody new joins', (grace) => joinAndDeploy(grace, page, team, address));
});

async function joinAndDeploy(grace, page, team, address) {
  await signInAs(grace.page, 'grace@example.com');
  await grace.page.getByText(/invites you to the team/).waitFor();
  await look(grace.page, 'home-invited');
  await open(grace.page, address);
  await grace.page.getByRole('heading', { name: 'You are invited' }).waitFor();
  await look(grace.page, 'invitation');
  await grace.page.getByRole('button', { name: 'Join search' }).click();
  await grace.page.waitForURL(slipway.url(team));
  await grace.page.getByText('(you)').waitFor();

  await open(grace.page, slipway.url('/projects/new?team=search'));
  await grace.page.getByLabel('Name').fill('things');
  await grace.page.getByRole('button', { name: 'Create project' }).click();
  await grace.page.waitForURL(/\/projects\/[0-9a-f-]{36}$/);
  await grace.page.getByRole('link', { name: 'Deploy an app' }).click();
  await grace.page.waitForURL(/apps\/new/);
  await grace.page.getByRole('button', { name: 'slipway-sample:1.0' }).click();
  await grace.page.getByLabel('Name', { exact: true }).fill('shop');
  await grace.page.getByRole('button', { name: /Deploy shop/ }).click();
  await grace.page.waitForURL(/\/apps\/shop\/deploys\//);
  await hasTheTraffic(grace.page, 'r1');

  // The role is taken while she looks at the app: the page says so, and the app is not there any more.
  await open(grace.page, slipway.url('/apps/shop'));
  await grace.page.getByText('r1 serves with 1 replica.').waitFor();
  grace.expectComplaint(/404/);
  await open(page, slipway.url(team));
  await page.getByLabel('Role of grace@example.com').waitFor();
  await look(page, 'team-people');
  await page.getByRole('button', { name: 'Take out grace@example.com' }).click();
  await grace.page.getByText(/There is no app called “shop”/).waitFor();
  await photograph(grace.page, 'role-taken');
  const response = await open(grace.page, slipway.url('/apps/shop'));
  assert.equal(response.status(), 404);
}

inBrowser('limits, suspension, permissions, people and the audit log', async ({ page }) => {
  await signInAs(page, 'ada@example.com');
  await open(page, slipway.url('/teams'));
  await page.getByRole('link', { name: 'search', exact: true }).first().click();
  await page.waitForURL(/\/teams\/[0-9a-f-]{36}$/);
  const team = new URL(page.url()).pathname;

  await open(page, slipway.url(`${team}/limits`));
  await page.getByLabel('Memory', { exact: true }).last().fill('512');
  await page.getByRole('button', { name: 'Set limits' }).click();
  await page.getByText('256 of 512 MiB').waitFor();
  await page.getByRole('button', { name: 'Suspend the team' }).click();
  await page.getByText(/is suspended since/).waitFor();
  await look(page, 'team-limits');
  await page.getByRole('button', { name: 'Let the team go on' }).click();
  await page.getByText(/is suspended since/).waitFor({ state: 'detached' });

  await open(page, slipway.url(`${team}/danger`));
  await page.getByText('You are the last owner.').waitFor();
  await look(page, 'team-danger');
  await open(page, slipway.url(`${team}/audit`));
  await page.getByText('team.suspend').waitFor();
  await look(page, 'team-audit');
  await open(page, slipway.url('/audit?action=invitation'));
  await page.getByText('invitation.accept').waitFor();
  assert.equal(await page.getByText('team.suspend').count(), 0);
  await look(page, 'audit-filtered');
  await open(page, slipway.url('/permissions'));
  await page.getByText(/owner of search/).waitFor();
  await look(page, 'permissions');
  await open(page, slipway.url('/people'));
  await page.getByLabel('Role of grace@example.com on the platform').waitFor();
  await look(page, 'people');
  await page.getByLabel('You and this console').click();
  await page.getByRole('link', { name: 'Where you are signed in' }).waitFor();
  await photograph(page, 'person-menu');
});

inBrowser('one ends the session of another browser', async ({ page }) => {
  await signInAs(page, 'grace@example.com');
  await Visitor.during(
    'the other browser',
    async (phone) => {
      await signInAs(phone.page, 'grace@example.com');
      await phone.page.goto('about:blank');
      await open(page, slipway.url('/me/sessions'));
      await page.getByText('this browser').waitFor();
      await look(page, 'sessions');
      const ended = page.waitForResponse(/sessions\/end/);
      await page.getByRole('button', { name: 'End the session of Safari on an iPhone' }).click();
      await ended;
      await open(page, slipway.url('/me/sessions'));
      assert.equal(await page.getByText('Safari on an iPhone').count(), 0);
      await open(phone.page, slipway.url('/'));
      assert.equal(new URL(phone.page.url()).pathname, '/sign-in');
    },
    { userAgent: IPHONE },
  );
});

inBrowser('a team is made and a role is given without scripts', async ({ page }) => {
  await page.goto(slipway.url('/sign-in'));
  await page.getByRole('link', { name: 'Sign in with Google' }).click();
  await page.getByLabel('Email').fill('grace@example.com');
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.waitForURL((here) => here.href.startsWith(slipway.console) && !here.pathname.includes('callback'));
  await page.goto(slipway.url('/teams/new'));
  await page.getByLabel('Name').fill('plain');
  await page.getByRole('button', { name: 'Create team' }).click();
  await page.waitForURL(/\/teams\/[0-9a-f-]{36}$/);
  await page.getByLabel('Their e-mail address').fill('ada@example.com');
  await page.getByRole('button', { name: 'Invite', exact: true }).click();
  await page.getByText(/\/invitations\/[0-9a-f]{64}/).waitFor();
}, { javaScriptEnabled: false });

/** Somebody with access to the database rewrites what they did. */
test('the verify command names the first line that is not what was written', async () => {
  const verify = () =>
    new Promise((done) => {
      execFile(binary(), ['audit', 'verify', '--folder', slipway.folder], (error, stdout) => done({ code: error?.code ?? 0, stdout }));
    });
  const sound = await verify();
  assert.equal(sound.code, 0, sound.stdout);
  assert.match(sound.stdout, /All \d+ lines of the audit log are as they were written/);
  change(slipway, "update audit set actor_email = 'mallory@example.com' where seq = 5");
  const changed = await verify();
  assert.equal(changed.code, 1);
  assert.match(changed.stdout, /broken at line 5: .*by mallory@example.com/);
  change(slipway, 'delete from audit where seq = 3');
  const missing = await verify();
  assert.equal(missing.code, 1);
  assert.match(missing.stdout, /broken at line 3: it is missing; number 4 follows/);
});
