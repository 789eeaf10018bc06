// The real engine that `make test` lends to tests, and the platform on it.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSlipway } from './slipway.mjs';

const socket = process.env.SLIPWAY_TEST_ENGINE;

/** A folder and an engine that outlive the platform's process, so that it can be ended and started again on both. */
export class Engine {
  static async lend() {
    assert.ok(socket, 'SLIPWAY_TEST_ENGINE must name the socket of an engine that may be used; `make test` does that');
    const engine = new Engine();
    engine.folder = await mkdtemp(join(tmpdir(), 'slipway-docker-'));
    return engine;
  }

  /** Starts the platform, or starts it again. */
  start(more = []) {
    const args = ['--watch-seconds', '2', '--docker-socket', socket, ...more];
    return startSlipway({ demo: false, listen: '127.0.0.1:8080', folder: this.folder, args });
  }

  /** Takes away what the platform left on the engine, because apps go on without it. */
  async giveBack() {
    docker('rm', '--force', 'slipway-ingress');
    for (const service of lines(docker('service', 'ls', '--quiet'))) docker('service', 'rm', service);
    await rm(this.folder, { recursive: true, force: true });
  }

  /** The names of the services on it. */
  services() {
    return lines(docker('service', 'ls', '--format', '{{.Name}}'));
  }
}

function docker(...words) {
  return execFileSync('docker', ['--host', `unix://${socket}`, ...words], { encoding: 'utf8' });
}

function lines(text) {
  return text.split('\n').filter(Boolean);
}
