// A test in a real Chromium that fails on what a person would not see but a developer should: any console error or warning
// (hydration mismatches are among them), any uncaught error, any request to the console that fails.
//
//   import { inBrowser, open, photograph, checkAccessibility } from '../browser.mjs';
//   inBrowser('a stranger sees the sign-in page', async ({ page, visitor }) => { ... });
//
// `visitor.expectComplaint(/.../)` allows one kind of complaint, and fails the test when it does not come.
import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { after, test } from 'node:test';
import { chromium } from 'playwright-core';

const CHROMIUM = process.env.SLIPWAY_CHROMIUM ?? '/usr/bin/chromium';
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
const SCREENSHOTS = new URL('screenshots/', import.meta.url);
const THEMES = ['light', 'dark'];
const WIDTHS = [1440, 390];
/** How long anything in a page may take, in milliseconds; patience for a busy machine, not a measure of speed. */
const PATIENCE = 20_000;
/** How much of a page is worth telling when a test fails, in characters. */
const LEGIBLE = 1500;
/** After this a test has hung, in milliseconds. */
const LONGEST = 180_000;

let launched;

/** One browser for all tests of a file. */
function browser() {
  launched ??= chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
  return launched;
}

after(async () => (await launched)?.close());

/**
 * Defines a test with a page in a fresh profile.
 * @param {string} name a sentence
 * @param {({page: import('playwright-core').Page, visitor: Visitor, t: object}) => Promise<void>} body
 * @param {import('playwright-core').BrowserContextOptions} options such as `{ javaScriptEnabled: false }`
 */
export function inBrowser(name, body, options = {}) {
  test(name, { timeout: LONGEST }, async (t) => {
    await Visitor.during(name, (visitor) => body({ page: visitor.page, visitor, t }), options);
  });
}

/** Somebody in front of a browser, with a profile of their own, and what the browser complained about meanwhile. */
export class Visitor {
  complaints = [];
  expected = [];

  /**
   * Somebody comes, does something and leaves content; otherwise the error says what they had before them. For a second person in
   * one test; `inBrowser` makes the first.
   */
  static async during(name, body, options = {}) {
    const visitor = await Visitor.arrive(options);
    try {
      await body(visitor);
      visitor.assertContent();
    } catch (error) {
      await visitor.photographFailure(name);
      throw await visitor.explained(error);
    } finally {
      await visitor.leave();
    }
  }

  /** Opens a browser window. */
  static async arrive(options = {}) {
    const visitor = new Visitor();
    visitor.scripts = options.javaScriptEnabled ?? true;
    visitor.context = await (await browser()).newContext({ viewport: { width: 1440, height: 900 }, reducedMotion: 'reduce', ...options });
    visitor.context.setDefaultTimeout(PATIENCE);
    visitor.page = await visitor.context.newPage();
    visitor.listen(visitor.page);
    return visitor;
  }

  listen(page) {
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) this.complain(`console ${message.type()}: ${message.text()} (${message.location().url})`);
    });
    page.on('pageerror', (error) => this.complain(`uncaught: ${error.name}: ${error.message}\n${error.stack}`));
    page.on('crash', () => this.complain('the page crashed'));
    page.on('requestfailed', (request) => {
      const reason = request.failure()?.errorText;
      // Leaving a page cuts what it still had open, and a browser without scripts does not fetch them; that is no fault.
      const isFine = reason === 'net::ERR_ABORTED' || (reason === 'csp' && this.scripts === false);
      if (!isFine && isSameOrigin(request)) this.complain(`failed: ${request.method()} ${request.url()}: ${reason}`);
    });
    page.on('response', (response) => {
      if (response.status() >= 400 && isSameOrigin(response.request())) {
        this.complain(`answered ${response.status()}: ${response.request().method()} ${response.url()}`);
      }
    });
  }

  complain(text) {
    this.complaints.push(text);
  }

  /** Forgets that an app has no icon: whether a browser asks for one is its own affair. */
  withoutIcons() {
    this.complaints = this.complaints.filter((text) => !text.includes('favicon.ico'));
    return this;
  }

  /** Allows complaints like this, and requires at least one. */
  expectComplaint(pattern) {
    this.expected.push(pattern);
  }

  assertContent() {
    const unexpected = this.complaints.filter((text) => !this.expected.some((pattern) => pattern.test(text)));
    assert.deepEqual(unexpected, [], 'the browser complained');
    const missing = this.expected.filter((pattern) => !this.complaints.some((text) => pattern.test(text)));
    assert.deepEqual(missing, [], 'the browser was expected to complain and did not');
  }

  /** The error with the page they looked at and what the browser had complained about until then: usually the reason is there. */
  async explained(error) {
    const text = await this.page.locator('body').innerText({ timeout: 1000 }).catch(() => '(nothing)');
    const complaints = this.complaints.length === 0 ? '' : `\nThe browser had complained:\n  ${this.complaints.join('\n  ')}`;
    const page = `At ${this.page.url()} stood:\n  ${text.slice(0, LEGIBLE).replaceAll('\n', '\n  ')}`;
    return new Error(`${error.message}\n${page}${complaints}`, { cause: error });
  }

  async photographFailure(name) {
    await mkdir(SCREENSHOTS, { recursive: true });
    const file = `failed-${name.replaceAll(/[^a-z0-9]+/gi, '-')}.png`;
    // The page may be what is broken; the failure itself matters more than its picture.
    await this.page.screenshot({ path: new URL(file, SCREENSHOTS).pathname }).catch(() => {});
  }

  async leave() {
    await this.context.close();
  }
}

function isSameOrigin(request) {
  const page = request.frame()?.url();
  // Before the first page is there, the request that fetches it counts.
  return !page || page === 'about:blank' || new URL(request.url()).origin === new URL(page).origin;
}

/** Opens a page of the console and waits until it can be clicked. */
export async function open(page, url) {
  const response = await page.goto(url);
  await hydrated(page);
  return response;
}

/** Waits until the page's WebAssembly has taken over. A click before that is lost. */
export async function hydrated(page) {
  await page.locator(':is(html, body)[data-hydrated]').waitFor({ state: 'attached' });
}

/** Pictures of the whole page in both themes at both widths: `screenshots/NAME-dark-390.png`. */
export async function photograph(page, name) {
  await mkdir(SCREENSHOTS, { recursive: true });
  const before = page.viewportSize();
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: width === 390 ? 844 : 900 });
    for (const colorScheme of THEMES) {
      await page.emulateMedia({ colorScheme });
      const path = new URL(`${name}-${colorScheme}-${width}.png`, SCREENSHOTS).pathname;
      await page.screenshot({ path, fullPage: true, animations: 'disabled', caret: 'initial' });
    }
  }
  await page.emulateMedia({ colorScheme: null });
  await page.setViewportSize(before);
}

const AXE = createRequire(import.meta.url)('axe-core').source;
const WCAG = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

/** Fails when axe finds a serious or critical breach of WCAG 2.2 AA, in either theme. */
export async function checkAccessibility(page) {
  const breaches = [];
  for (const colorScheme of THEMES) {
    await page.emulateMedia({ colorScheme });
    // As an evaluated expression and not as a script element: the console's content policy forbids those, rightly.
    await page.evaluate(`${AXE};undefined`);
    const result = await page.evaluate((tags) => window.axe.run(document, { runOnly: { type: 'tag', values: tags } }), WCAG);
    for (const { id, impact, help, nodes } of result.violations) {
      if (!['serious', 'critical'].includes(impact)) continue;
      for (const node of nodes) breaches.push(`${colorScheme}: ${id}: ${help}: ${node.target.join(' ')}: ${node.failureSummary}`);
    }
  }
  await page.emulateMedia({ colorScheme: null });
  assert.deepEqual(breaches, [], `axe objects to ${page.url()}`);
}
