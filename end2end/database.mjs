// The platform's own database, for what a test cannot wait for: time. Nothing else is ever changed in it.
import { DatabaseSync } from 'node:sqlite';
import { join } from 'node:path';

/**
 * Changes rows of a running platform's database, and fails when there was none to change: such a test would prove nothing.
 * @param {import('./slipway.mjs').Slipway} slipway
 * @returns {number} how many rows
 */
export function change(slipway, sql) {
  const database = new DatabaseSync(join(slipway.folder, 'slipway.db'), { timeout: 5000 });
  try {
    const { changes } = database.prepare(sql).run();
    if (changes === 0) throw new Error(`nothing to change: ${sql}`);
    return Number(changes);
  } finally {
    database.close();
  }
}
