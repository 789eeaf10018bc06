// A certified OpenID provider (npm `oidc-provider`) dressed as Google: the accounts of two companies and of nobody's
// company, the `hd` and `email_verified` claims in the ID token, a sign-in page that asks for the address only.
//
//   node oidc-provider.mjs --client-id ID [--port 0] [--id-token-seconds 3600] [--claims-at userinfo] [--follow-stdin]
//
// The client's secret comes from SLIPWAY_OIDC_CLIENT_SECRET. Listens on loopback and prints one JSON line when it is
// ready: {"issuer": "http://127.0.0.1:41234"}. With --follow-stdin it ends when its standard input does, that is, with
// the test that started it.
//
// `PUT /control` replaces how it misbehaves, by JSON; `{}` makes it honest again:
//   claims: {...}      put over those of the next ID tokens, which are signed again; null removes one
//   signedBy: ...      how ID tokens are signed: "stranger" by a key that is not in the key set, "secret" by the client's
//                      secret (HS256), "nobody" not at all (alg none)
//   discovery: {...}   put over the discovery document
//   userinfo: {...}    put over the userinfo endpoint's answer
//   failing: "/token"  this address answers 502 with a page of HTML, as a proxy in front of it would
// `POST /control/rotate` replaces its keys.
import { createServer } from 'node:http';
import { createHmac, generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { Provider } from 'oidc-provider';
import { signInPage } from './oidc-sign-in-page.mjs';

/**
 * Who has an account. `sub` is the account's name that never changes; `hd` is the company whose directory holds it, as at
 * Google; private accounts have none.
 */
export const ACCOUNTS = [
  { sub: '1001', email: 'ada@example.com', name: 'Ada Lovelace', hd: 'example.com', email_verified: true },
  { sub: '1002', email: 'grace@example.com', name: 'Grace Hopper', hd: 'example.com', email_verified: true },
  { sub: '1003', email: 'unverified@example.com', name: 'Una Verified', hd: 'example.com', email_verified: false },
  { sub: '1004', email: 'mallory@gmail.com', name: 'Mallory', email_verified: true },
  // A private account under an address that looks like the company's: the address proves nothing, only `hd` does.
  { sub: '1005', email: 'lookalike@example.com', name: 'Look Alike', email_verified: true },
  { sub: '1006', email: 'other@wrong.example', name: 'Other', hd: 'wrong.example', email_verified: true },
];

/**
 * Starts a provider. Resolves once it listens.
 * @param {{clientId: string, clientSecret: string, port?: number, idTokenSeconds?: number, claimsAt?: string,
 *   redirectPath?: string}} options
 */
export async function startProvider(options) {
  const server = createServer();
  await new Promise((done) => server.listen(options.port ?? 0, '127.0.0.1', done));
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const state = { misbehaviour: {}, key: newKey() };
  let handle = dressedAsGoogle(issuer, options, state);

  server.on('request', async (request, response) => {
    if (request.url === '/control' && request.method === 'PUT') {
      state.misbehaviour = JSON.parse(await text(request));
      return response.writeHead(204).end();
    }
    if (request.url === '/control/rotate' && request.method === 'POST') {
      state.key = newKey();
      handle = dressedAsGoogle(issuer, options, state);
      return response.writeHead(204).end();
    }
    if (request.url === state.misbehaviour.failing) {
      return response.writeHead(502, { 'content-type': 'text/html' }).end('<h1>Bad gateway</h1>');
    }
    return handle(request, response);
  });
  return {
    issuer,
    misbehave: (how) => (state.misbehaviour = how),
    close: () => {
      server.closeAllConnections();
      return new Promise((done) => server.close(done));
    },
  };
}

function dressedAsGoogle(issuer, options, state) {
  const provider = new Provider(issuer, configuration(options, state.key));
  provider.Client.prototype.redirectUriAllowed = isOurCallback;
  provider.use(signInPage(provider, ACCOUNTS));
  provider.use(async (ctx, next) => {
    await next();
    if (ctx.path === '/.well-known/openid-configuration') Object.assign(ctx.body, state.misbehaviour.discovery);
    if (ctx.path === '/me' && ctx.body?.sub) Object.assign(ctx.body, state.misbehaviour.userinfo);
    if (ctx.path === '/token' && ctx.body?.id_token) ctx.body.id_token = retold(ctx.body.id_token, state, options.clientSecret);
  });
  return provider.callback();
}

/** At any port of this machine: the console under test has picked its own, after this provider was started. */
const isOurCallback = (address) => /^http:\/\/(127\.0\.0\.1|localhost)(:\d+)?\/sign-in\/oidc\/callback$/.test(address);

function configuration(options, key) {
  return {
    clients: [
      {
        client_id: options.clientId,
        client_secret: options.clientSecret,
        redirect_uris: ['http://127.0.0.1/sign-in/oidc/callback'],
      },
    ],
    jwks: { keys: [key] },
    cookies: { keys: [randomBytes(16).toString('hex')] },
    scopes: ['openid', 'email', 'profile'],
    claims: { openid: ['sub', 'hd'], email: ['email', 'email_verified'], profile: ['name'] },
    // Google puts the claims into the ID token; the specification lets them come from the userinfo endpoint.
    conformIdTokenClaims: options.claimsAt === 'userinfo',
    pkce: { required: () => true },
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_ctx, interaction) => `/interaction/${interaction.uid}` },
    ttl: { IdToken: options.idTokenSeconds ?? 3600, AuthorizationCode: 60, Interaction: 600, Session: 3600, Grant: 3600, AccessToken: 600 },
    findAccount: (_ctx, sub) => {
      const account = ACCOUNTS.find((account) => account.sub === sub);
      return account && { accountId: sub, claims: () => account };
    },
    // Nobody is asked for consent, as for an app that the company's own administrator has registered.
    loadExistingGrant: async (ctx) => {
      const { client, session, provider } = ctx.oidc;
      const grant = new provider.Grant({ clientId: client.clientId, accountId: session.accountId });
      grant.addOIDCScope('openid email profile');
      await grant.save();
      return grant;
    },
  };
}

function newKey() {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return { ...privateKey.export({ format: 'jwk' }), kid: randomBytes(8).toString('hex'), alg: 'RS256', use: 'sig' };
}

/** The same ID token with the misbehaviour's claims and signature, or unchanged. */
function retold(token, { misbehaviour, key }, clientSecret) {
  if (!misbehaviour.claims && !misbehaviour.signedBy) return token;
  const [header, payload] = token.split('.').map((part) => Buffer.from(part, 'base64url'));
  const claims = { ...JSON.parse(payload), ...misbehaviour.claims };
  for (const [name, value] of Object.entries(claims)) if (value === null) delete claims[name];
  const [alg, signed] = signatures(key, clientSecret)[misbehaviour.signedBy ?? 'issuer'];
  const content = [{ ...JSON.parse(header), alg }, claims].map((part) => base64url(JSON.stringify(part))).join('.');
  return `${content}.${base64url(signed(content))}`;
}

const signatures = (key, clientSecret) => ({
  issuer: ['RS256', (content) => sign('RSA-SHA256', Buffer.from(content), { key, format: 'jwk' })],
  stranger: ['RS256', (content) => sign('RSA-SHA256', Buffer.from(content), { key: newKey(), format: 'jwk' })],
  secret: ['HS256', (content) => createHmac('sha256', clientSecret).update(content).digest()],
  nobody: ['none', () => ''],
});

const base64url = (content) => Buffer.from(content).toString('base64url');

async function text(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

async function main() {
  const string = { type: 'string' };
  const { values } = parseArgs({
    options: { 'client-id': string, port: string, 'id-token-seconds': string, 'claims-at': string, 'follow-stdin': { type: 'boolean' } },
  });
  const clientSecret = process.env.SLIPWAY_OIDC_CLIENT_SECRET;
  if (!values['client-id'] || !clientSecret) throw new Error('--client-id and SLIPWAY_OIDC_CLIENT_SECRET are needed');
  const provider = await startProvider({
    clientId: values['client-id'],
    clientSecret,
    port: Number(values.port ?? 0),
    idTokenSeconds: Number(values['id-token-seconds'] ?? 3600),
    claimsAt: values['claims-at'],
  });
  if (values['follow-stdin']) process.stdin.resume().on('end', () => process.exit(0));
  console.log(JSON.stringify({ issuer: provider.issuer }));
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) await main();
