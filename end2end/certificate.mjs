// A certificate of a test's own.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

/** Writes a certificate for these names that nobody trusts, and its key, into a folder; returns both paths. */
export function certificate(folder, names) {
  const [chain, key] = ['chain.pem', 'key.pem'].map((name) => join(folder, name));
  const arguments_ = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '90'];
  const named = ['-subj', '/O=Example Trust', '-addext', `subjectAltName=${names.map((name) => `DNS:${name}`).join(',')}`];
  execFileSync('openssl', [...arguments_, ...named, '-keyout', key, '-out', chain], { stdio: 'pipe' });
  return [chain, key];
}
