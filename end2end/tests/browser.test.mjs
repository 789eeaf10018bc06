// The browser library itself: it must notice what it promises to notice. The pages are served here, so that this needs
// nothing but Chromium.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, before, test } from 'node:test';
import { checkAccessibility, hydrated, Visitor } from '../browser.mjs';

const page = (body) => `<!doctype html><html lang="en"><head><title>Page</title><link rel="icon" href="data:,"></head><body>${body}</body></html>`;
const PAGES = {
  '/fine': page('<main><h1>Fine</h1></main>'),
  '/console-error': page('<script>console.error("something is wrong")</script>'),
  '/hydration': page('<script>console.warn("A hydration error occurred")</script>'),
  '/uncaught': page('<script>setTimeout(() => { throw new Error("unseen") })</script>'),
  '/missing-part': page('<img src="/not-there.png" alt="">'),
  '/unreadable': page('<main><h1>Unreadable</h1><p style="color:#ccc;background:#fff">Pale</p></main>'),
  '/unreadable-in-the-dark': page(
    '<style>:root{color-scheme:light dark}p{background:#fff;color:light-dark(#000,#ddd)}</style><main><h1>Dark</h1><p>Pale</p></main>',
  ),
  '/late': page('<script>setTimeout(() => document.documentElement.setAttribute("data-hydrated", ""), 300)</script>'),
};

let server;
let address;
before(async () => {
  server = createServer((request, response) => {
    const html = PAGES[request.url];
    response.writeHead(html ? 200 : 404, {
      'content-type': 'text/html',
      // As strict about scripts as the console where it matters here: axe must not need an exception.
      ...(request.url.startsWith('/unreadable') && { 'content-security-policy': "script-src 'none'" }),
    });
    response.end(html ?? '');
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  address = `http://127.0.0.1:${server.address().port}`;
});
after(() => server.close());

/** What the visitor objects to after the page at `path` has had time to go wrong. */
async function complaintsAt(path, expected = []) {
  const visitor = await Visitor.arrive();
  try {
    expected.forEach((pattern) => visitor.expectComplaint(pattern));
    await visitor.page.goto(address + path, { waitUntil: 'networkidle' });
    visitor.assertContent();
    return 'content';
  } catch (error) {
    return error.message + JSON.stringify(visitor.complaints);
  } finally {
    await visitor.leave();
  }
}

test('a page without a fault passes', async () => {
  assert.equal(await complaintsAt('/fine'), 'content');
});

for (const [path, what] of [
  ['/console-error', /something is wrong/],
  ['/hydration', /hydration error/],
  ['/uncaught', /unseen/],
  ['/missing-part', /404.*not-there/],
]) {
  test(`${path.slice(1)} is noticed`, async () => assert.match(await complaintsAt(path), what));
}

test('an expected complaint is no failure, and its absence is one', async () => {
  assert.equal(await complaintsAt('/console-error', [/something is wrong/]), 'content');
  assert.match(await complaintsAt('/fine', [/something is wrong/]), /did not/);
});

test('text that cannot be read is noticed in either theme, under a policy without scripts', async () => {
  const visitor = await Visitor.arrive();
  try {
    await visitor.page.goto(`${address}/fine`);
    await checkAccessibility(visitor.page);
    await visitor.page.goto(`${address}/unreadable`);
    await assert.rejects(checkAccessibility(visitor.page), /color-contrast/);
    await visitor.page.goto(`${address}/unreadable-in-the-dark`);
    await assert.rejects(checkAccessibility(visitor.page), /dark: color-contrast/);
  } finally {
    await visitor.leave();
  }
});

test('a page is not clicked before it is alive', async () => {
  const visitor = await Visitor.arrive();
  try {
    await visitor.page.goto(`${address}/late`);
    await hydrated(visitor.page);
    assert.notEqual(await visitor.page.locator('html').getAttribute('data-hydrated'), null);
  } finally {
    await visitor.leave();
  }
});
