// Starts the real `slipway` binary for a test, in a folder of its own, on a free port of this machine, and ends it again.
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** How long it may take to start or to end, in milliseconds. */
const PATIENCE = 30_000;

/** The binary that `make test` has built; SLIPWAY_BINARY names another. */
export function binary() {
  const cache = process.env.SLIPWAY_CACHE ?? join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'slipway');
  return process.env.SLIPWAY_BINARY ?? join(process.env.CARGO_TARGET_DIR ?? join(cache, 'target'), 'debug/slipway');
}

/**
 * Runs `slipway run` until `stop()`. Without Docker unless `demo` is false.
 * @param {{args?: string[], env?: Record<string, string>, demo?: boolean, listen?: string, folder?: string}} options `folder` is kept
 *   afterwards, so that a second start finds it; otherwise a temporary one is made and removed.
 * @returns {Promise<Slipway>}
 */
export async function startSlipway({ args = [], env = {}, demo = true, listen = '127.0.0.1:0', folder } = {}) {
  const home = folder ?? (await mkdtemp(join(tmpdir(), 'slipway-test-')));
  const all = ['run', '--json', '--listen', listen, '--folder', home, ...(demo ? ['--demo'] : []), ...args];
  const child = spawn(binary(), all, { env: { PATH: process.env.PATH, HOME: home, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  const slipway = new Slipway(child, home, folder === undefined);
  try {
    await slipway.ready();
    return slipway;
  } catch (error) {
    await slipway.stop();
    throw error;
  }
}

/** A running platform. */
export class Slipway {
  /** Everything it has written to both its outputs, for the message of a failing test. */
  output = '';

  constructor(child, folder, isTemporary) {
    this.child = child;
    this.folder = folder;
    this.isTemporary = isTemporary;
    this.ended = new Promise((done) => child.on('close', (code, signal) => done(signal ?? code)));
    child.stderr.on('data', (text) => (this.output += text));
  }

  /** Waits for the line of JSON on its standard output: `{"console": "http://localhost:41234", "link": "..."}`. */
  async ready() {
    const line = new Promise((found) => {
      createInterface({ input: this.child.stdout }).on('line', (text) => {
        this.output += `${text}\n`;
        if (text.startsWith('{')) found(text);
      });
    });
    const failed = new Promise((_, reject) => this.child.on('error', reject));
    const text = await Promise.race([line, failed, this.ended.then(() => undefined), later(PATIENCE)]).catch((error) => {
      throw new Error(`${binary()} cannot be started (has it been built?): ${error.message}`);
    });
    if (!text) throw new Error(`slipway did not say that it is ready. It wrote:\n${this.output}`);
    Object.assign(this, JSON.parse(text));
  }

  /** The address of a page of the console. */
  url(path) {
    return new URL(path, this.console).href;
  }

  /** Ends it as a power cut would: at once, in the middle of whatever it does. What it started goes on. */
  async kill() {
    this.child.kill('SIGKILL');
    await this.ended;
  }

  /** Ends it politely, then surely; removes what it made. */
  async stop() {
    if (this.child.pid !== undefined && this.child.exitCode === null && this.child.signalCode === null) {
      this.child.kill('SIGTERM');
      if ((await Promise.race([this.ended, later(PATIENCE)])) === undefined) this.child.kill('SIGKILL');
      await this.ended;
    }
    if (this.isTemporary) await rm(this.folder, { recursive: true, force: true });
  }
}

/** Nothing, after a while; does not keep the process alive. */
function later(milliseconds) {
  return new Promise((done) => setTimeout(done, milliseconds).unref());
}
