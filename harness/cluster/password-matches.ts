import { createHash } from 'node:crypto';
import { scramVerifier } from './scram-verifier';

/**
 * Whether a password is the one that the server keeps, from what it keeps (PostgreSQL documentation, "pg_authid",
 * rolpassword): told without logging in, as a server in isolation lets nobody in.
 * @param kept null where the role has none
 */
export function passwordMatches(kept: string | null, role: string, password: string): boolean {
  if (kept === null) return false;
  const scram = /^SCRAM-SHA-256\$(\d+):([^$]+)\$/.exec(kept);
  if (scram) return scramVerifier(password, Buffer.from(scram[2]!, 'base64'), Number(scram[1])) === kept;
  const md5 = createHash('md5').update(`${password}${role}`).digest('hex');
  return kept === `md5${md5}`;
}
