// The pages that the stand-in for Google shows: one field, no password.

const escape = (text) => text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);

const page = (uid, complaint) => `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Sign in</title><link rel="icon" href="data:,">
<style>body{font:16px system-ui;max-width:22rem;margin:4rem auto}input,button{font:inherit;width:100%;margin:.4rem 0;padding:.5rem;box-sizing:border-box}</style>
</head>
<body>
<h1>Sign in</h1>
<p role="alert">${escape(complaint)}</p>
<form method="post" action="/interaction/${uid}">
<label for="email">Email</label>
<input id="email" name="email" type="email" autocomplete="off" required>
<button type="submit">Continue</button>
</form>
<form method="post" action="/interaction/${uid}/cancel"><button type="submit">Cancel</button></form>
</body>
</html>`;

/** Middleware that answers the provider's interaction addresses. */
export function signInPage(provider, accounts) {
  return async (ctx, next) => {
    const match = /^\/interaction\/([\w-]+)(\/cancel)?$/.exec(ctx.path);
    if (!match) return next();
    const [, uid, cancelled] = match;
    ctx.type = 'html';
    if (ctx.method === 'GET') {
      await provider.interactionDetails(ctx.req, ctx.res);
      ctx.body = page(uid, '');
      return undefined;
    }
    const email = cancelled ? '' : await typed(ctx.req);
    const account = accounts.find((account) => account.email === email);
    if (!cancelled && !account) {
      ctx.body = page(uid, `Couldn’t find an account for ${email}.`);
      return undefined;
    }
    const result = cancelled
      ? { error: 'access_denied', error_description: 'The person pressed Cancel.' }
      : { login: { accountId: account.sub, remember: false } };
    ctx.redirect(await provider.interactionResult(ctx.req, ctx.res, result));
    return undefined;
  };
}

async function typed(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  return new URLSearchParams(Buffer.concat(chunks).toString()).get('email')?.trim().toLowerCase() ?? '';
}
