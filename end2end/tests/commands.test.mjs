// The commands of `slipway` against a real server, as scripts use them: two people, a deploy token, deploys that fail, and the
// exit codes that CI relies on. The recipe for a plain shell in docs/user/ci.md is run as it stands there.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { change } from '../database.mjs';
import { isAnsweredBy, until } from '../main-job.mjs';
import { binary, startSlipway } from '../slipway.mjs';

const DONE = 0;
const INVALID = 2;
const REFUSED = 3;
const NOT_FOUND = 4;
const CONFLICT = 5;
const FAILED = 6;
const TIMED_OUT = 7;
const UNREACHABLE = 8;

/** More than enough for one command, in milliseconds. */
const LONGEST = 120_000;

let slipway;
let folder;
/** The operator's personal token, and that of somebody who belongs to no team. */
let operator;
let mallory;

before(async () => {
  slipway = await startSlipway({ args: ['--watch-seconds', '1'] });
  folder = await mkdtemp(join(tmpdir(), 'slipway-commands-'));
  const cookie = await signIn();
  operator = await makeToken(cookie);
  mallory = `slipway_me_${'ab'.repeat(32)}`;
  const [person, token] = ['00000000-0000-7000-8000-00000000000a', '00000000-0000-7000-8000-00000000000b'];
  const hash = createHash('sha256').update(mallory).digest('hex');
  const year = Date.now() + 365 * 24 * 3600 * 1000;
  change(slipway, `insert into people (id, email, name, created_at) values ('${person}', 'mallory@example.com', 'Mallory', 0)`);
  change(
    slipway,
    `insert into tokens (id, hash, name, person_id, created_at, expires_at) values ('${token}', '${hash}', 'laptop', '${person}', 0, ${year})`,
  );
  await project();
});
after(async () => {
  await slipway?.stop();
  await rm(folder, { recursive: true, force: true });
});

/** What a browser does with the one-time link. */
async function signIn() {
  const response = await fetch(slipway.link, { redirect: 'manual' });
  return response.headers.getSetCookie()[0].split(';')[0];
}

/** A personal token, as the console's page makes one. Answers to pages are compact text, whose first 16 characters name its layout. */
async function makeToken(cookie) {
  const headers = { cookie, 'content-type': 'application/json', accept: 'application/json' };
  const body = JSON.stringify({ form: { name: 'laptop', days: 1 } });
  const response = await fetch(slipway.url('/api/console/tokens/make-own'), { method: 'POST', headers, body });
  const text = await response.text();
  assert.equal(response.status, 200, text);
  return Buffer.from(text.slice(16), 'hex').toString('latin1').match(/slipway_me_[0-9a-f]{64}/)[0];
}

async function project() {
  const teams = await (await api('GET', '/teams', operator)).json();
  const response = await api('POST', '/projects', operator, { team_id: teams[0].id, name: 'things' });
  assert.equal(response.status, 201);
}

function api(method, path, token, body) {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  return fetch(slipway.url(`/api/v1${path}`), { method, headers, body: body && JSON.stringify(body) });
}

/** Runs a command line; the words are arguments as they are. */
function run(words, { token = operator, input = '', env = {}, program = binary() } = {}) {
  const variables = { PATH: process.env.PATH, HOME: folder, SLIPWAY_URL: slipway.console, SLIPWAY_TOKEN: token, ...env };
  return new Promise((done, failed) => {
    const child = spawn(program, words, { env: variables, cwd: folder, timeout: LONGEST });
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (text) => (stdout += text));
    child.stderr.on('data', (text) => (stderr += text));
    child.on('error', failed);
    child.on('close', (code) => done({ code, stdout, stderr }));
    // Who does not read its input closes it, and that is no fault.
    child.stdin.on('error', () => {});
    child.stdin.end(input);
  });
}

async function does(words, options, code = DONE) {
  const outcome = await run(words, options);
  assert.equal(outcome.code, code, `slipway ${words.join(' ').slice(0, 200)}\n${outcome.stdout}\n${outcome.stderr}`);
  return outcome;
}

async function json(words, options) {
  return JSON.parse((await does([...words, '--json'], options)).stdout);
}

test('an app is made, deployed again by its tag alone, read, and rolled back', { timeout: LONGEST }, async () => {
  const who = await does(['whoami']);
  assert.match(who.stdout, /operator@localhost, with the token laptop/);
  const made = await does(['app:deploy', '--image', 'slipway-sample', '--tag=1.0', '--name', 'shop']);
  assert.match(made.stdout, /^r1 has the traffic. 0 requests lost.\n$/);
  assert.match(made.stderr, /✓ Start the replicas/);
  await isAnsweredBy(slipway, 'shop', '1.0');
  await does(['app', 'deploy', '-t', '1.1', '-n', 'shop', '--reason', 'a better one']);
  await isAnsweredBy(slipway, 'shop', '1.1');
  const apps = await json(['app:list']);
  assert.deepEqual(apps.map(({ name, health, release }) => [name, health, release.number]), [['shop', 'well', 2]]);
  assert.match((await does(['release:list', '-n', 'shop'])).stdout, /^RELEASE .*\nr2 +1\.1 .*a better one\nr1 +1\.0 /);
  assert.match((await does(['release:diff', '-n', 'shop', 'r1', '2'])).stdout, /^tag: 1\.0 → 1\.1$/m);
  assert.match((await does(['app:inspect', '-n', 'shop'])).stdout, /r2 serves with 1 replica/);
  await does(['release:rollback', '-n', 'shop', 'r1']);
  await isAnsweredBy(slipway, 'shop', '1.0');
  await until('a line is written', async () => (await json1(['app:logs', '-n', 'shop', '--json'])).length > 0);
});

async function json1(words) {
  const { stdout } = await does(words);
  return stdout.split('\n').filter(Boolean).map((line) => JSON.parse(line));
}

test('variables and secrets are set as they are, also from standard input', { timeout: LONGEST }, async () => {
  const awkward = `it's "$HOME" \`id\` \\ ünï\n=second line`;
  await does(['config:set', '-n', 'shop', 'COLOUR=blue', `AWKWARD=${awkward}`, 'EMPTY=']);
  assert.equal((await does(['config:get', '-n', 'shop', 'AWKWARD'])).stdout, awkward);
  await does(['config:set', '-n', 'shop', '--stdin', 'PIPED'], { input: 'a\n\nb\n' });
  await does(['config:unset', '-n', 'shop', 'COLOUR']);
  assert.deepEqual(await json(['config:get', '-n', 'shop']), { AWKWARD: awkward, EMPTY: '', PIPED: 'a\n\nb' });
  await does(['secret:set', '-n', 'shop', 'API_KEY'], { input: 'hunter2\n' });
  const secrets = await does(['secret:list', '-n', 'shop']);
  assert.match(secrets.stdout, /API_KEY +file +operator@localhost/);
  assert.ok(!JSON.stringify([secrets, await json(['release:list', '-n', 'shop'])]).includes('hunter2'));
  await does(['secret:unset', '-n', 'shop', 'API_KEY']);
  assert.deepEqual(await json(['secret:list', '-n', 'shop']), []);
});

test('a deploy that fails has its own exit code, says why, and leaves the old release alone', { timeout: LONGEST }, async () => {
  const failed = await does(['app:deploy', '-n', 'shop', '--tag', 'crashes'], {}, FAILED);
  assert.match(failed.stderr, /exit code 1|crash|ended/i);
  assert.match(failed.stderr, /has the traffic, as before/);
  await isAnsweredBy(slipway, 'shop', '1.0');
  const machine = await run(['app:deploy', '-n', 'shop', '--tag', 'crashes', '--json']);
  assert.deepEqual([machine.code, JSON.parse(machine.stdout).state], [FAILED, 'failed']);
});

test('each kind of no has its own exit code', { timeout: LONGEST }, async () => {
  await does(['app:deploy', '-n', 'shop', '--tag', 'never-listens', '--no-wait']);
  const busy = await does(['app:deploy', '-n', 'shop', '--tag', '1.1'], {}, CONFLICT);
  assert.match(busy.stderr, /is being deployed by operator@localhost/);
  await cancelAndWait('shop');
  const late = await does(['app:deploy', '-n', 'shop', '--tag', 'never-listens', '--timeout', '1'], {}, TIMED_OUT);
  assert.match(late.stderr, /has not ended after 1 s. The deploy of r\d+ goes on/);
  await cancelAndWait('shop');
  await does(['app:inspect', '-n', 'shap'], {}, NOT_FOUND);
  await does(['whoami'], { token: `slipway_me_${'0'.repeat(64)}` }, REFUSED);
  await does(['whoami'], { env: { SLIPWAY_URL: 'http://127.0.0.1:1' } }, UNREACHABLE);
  const strange = createServer((_, response) => response.end('<html>')).listen(0, '127.0.0.1');
  await new Promise((done) => strange.once('listening', done));
  await does(['whoami'], { env: { SLIPWAY_URL: `http://127.0.0.1:${strange.address().port}` } }, UNREACHABLE);
  strange.close();
  for (const words of [
    ['app:deplo', '-n', 'shop'],
    ['app:deploy', '--nmae', 'shop'],
    ['app:deploy', '-n', 'Shop!'],
    ['app:deploy', '-n', 'shop', '--tag', 'no such tag'],
    ['config:set', '-n', 'shop', 'no-equals'],
    ['app:remove', '-n', 'shop'],
    ['release:rollback', '-n', 'shop', 'one'],
  ]) {
    await does(words, {}, INVALID);
  }
  await does(['whoami'], { env: { SLIPWAY_TOKEN: 'a\nb' } }, INVALID);
  assert.match((await does(['app:deplo'], {}, INVALID)).stderr, /similar.*deploy/);
});

async function cancelAndWait(name) {
  const deploys = async () => (await api('GET', `/apps/${name}/deploys`, operator)).json();
  const [newest] = await deploys();
  await api('POST', `/apps/${name}/deploys/${newest.id}/cancel`, operator);
  await until('the deploy has ended', async () => (await deploys())[0].is_over);
}

test('somebody else finds nothing, and a deploy token deploys its app and nothing else', { timeout: LONGEST }, async () => {
  assert.deepEqual(await json(['app:list'], { token: mallory }), []);
  for (const words of [
    ['app:inspect', '-n', 'shop'],
    ['app:deploy', '-n', 'shop', '-t', '1.1'],
    ['app:logs', '-n', 'shop'],
    ['app:remove', '-n', 'shop', '--yes'],
    ['config:get', '-n', 'shop'],
    ['token:list', '-n', 'shop'],
    ['token:create', '-n', 'shop', 'mine'],
  ]) {
    await does(words, { token: mallory }, NOT_FOUND);
  }
  await does(['app:deploy', '--image', 'slipway-sample', '--tag', '1.0', '-n', 'blog']);
  const made = await does(['token:create', '-n', 'shop', 'ci', '--days', '30']);
  const ci = made.stdout.trim();
  assert.match(ci, /^slipway_app_[0-9a-f]{64}$/);
  assert.ok(!made.stderr.includes(ci));
  await does(['app:deploy', '-n', 'shop', '-t', '1.1'], { token: ci });
  assert.match((await does(['release:list', '-n', 'shop'])).stdout, /r\d+ +1\.1 .*operator@localhost, token ci/);
  assert.match((await does(['whoami'], { token: ci })).stdout, /deploys shop and nothing else/);
  await does(['app:deploy', '-n', 'blog', '-t', '1.1'], { token: ci }, NOT_FOUND);
  await does(['app:deploy', '-n', 'new', '--image', 'slipway-sample', '-t', '1.1'], { token: ci }, NOT_FOUND);
  for (const words of [
    ['app:list'],
    ['app:logs', '-n', 'shop'],
    ['app:remove', '-n', 'shop', '--yes'],
    ['app:deploy', '-n', 'shop', '--replicas', '2'],
    ['config:get', '-n', 'shop'],
    ['config:set', '-n', 'shop', 'A=1'],
    ['release:rollback', '-n', 'shop', '1'],
    ['token:create', '-n', 'shop', 'more'],
  ]) {
    await does(words, { token: ci }, REFUSED);
  }
  await does(['token:remove', '-n', 'shop', 'ci']);
  await does(['app:deploy', '-n', 'shop', '-t', '1.0'], { token: ci }, REFUSED);
});

test('nothing that is typed or written makes a terminal do anything', { timeout: LONGEST }, async () => {
  const bell = '\u001b]0;title\u0007\u001b[2J\u202e';
  const outcomes = [
    await does(['app:inspect', '-n', `a${bell}`], {}, INVALID),
    await does(['config:set', '-n', 'shop', `NAME${bell}=1`], {}, INVALID),
    await does(['token:remove', '-n', 'shop', `ci${bell}`], {}, NOT_FOUND),
    await does(['app:deploy', '-n', 'shop', '-t', '1.0', '--reason', `because${bell}`]),
    await does(['release:list', '-n', 'shop']),
    await does(['release:list', '-n', 'shop', '--json']),
  ];
  const noText = await run(['-c', `exec "$0" app:inspect -n "$(printf '\\377\\033')"`, binary()], { program: '/bin/sh' });
  assert.equal(noText.code, INVALID, noText.stderr);
  for (const { stdout, stderr } of [...outcomes, noText]) {
    assert.ok(!/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202e]/.test(stdout + stderr), JSON.stringify(stdout + stderr));
  }
});

test('values that are too large or no text are refused and nothing is half done', { timeout: LONGEST }, async () => {
  const before = await json(['release:list', '-n', 'shop']);
  await does(['config:set', '-n', 'shop', '--stdin', 'BIG'], { input: 'x'.repeat(1 << 20) }, INVALID);
  await does(['config:set', '-n', 'shop', '--stdin', 'BIG'], { input: 'x'.repeat((1 << 20) + 2) }, INVALID);
  await does(['secret:set', '-n', 'shop', 'KEY'], { input: Buffer.from([0xff, 0xfe, 0x41]) }, INVALID);
  await does(['config:set', '-n', 'shop', '--stdin', 'NUL'], { input: 'a\0b' }, INVALID);
  await does(['app:deploy', '-n', 'shop', '-t', '1'.repeat(100_000)], {}, INVALID);
  assert.deepEqual(await json(['release:list', '-n', 'shop']), before);
});

test('the recipe for a plain shell deploys, and fails the job when the deploy fails', { timeout: LONGEST }, async () => {
  const text = await readFile(new URL('../../docs/user/ci.md', import.meta.url), 'utf8');
  const script = text.match(/```sh\n(#!\/bin\/sh[\s\S]*?)```/)[1];
  const file = join(folder, 'deploy.sh');
  await writeFile(file, script);
  const ci = (await does(['token:create', '-n', 'shop', 'recipe'])).stdout.trim();
  const job = (tag) => {
    const env = { PATH: `${dirname(binary())}:${process.env.PATH}`, APP: 'shop', TAG: tag };
    return run([file], { token: ci, env, program: '/bin/sh' });
  };
  const good = await job('1.1');
  assert.equal(good.code, DONE, good.stderr);
  await isAnsweredBy(slipway, 'shop', '1.1');
  const bad = await job('crashes');
  assert.equal(bad.code, FAILED, bad.stderr);
  assert.match(bad.stderr, /has the traffic, as before/);
  await isAnsweredBy(slipway, 'shop', '1.1');
});

test('the app is removed when one means it', { timeout: LONGEST }, async () => {
  await does(['app:remove', '-n', 'blog', '--yes']);
  await does(['app:inspect', '-n', 'blog'], {}, NOT_FOUND);
  assert.match((await does(['version'])).stdout, /^slipway \d+\.\d+\.\d+\n$/);
});
