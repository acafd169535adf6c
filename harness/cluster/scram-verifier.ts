import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto';

/** PostgreSQL's own count (`SCRAM_SHA_256_DEFAULT_ITERATIONS`). */
const ITERATIONS = 4096;

/**
 * What the server keeps of a password, made here as psql's `\password` makes it: given to `CREATE ROLE … PASSWORD`, the
 * password itself is in no statement, so `log_statement`, an error with its STATEMENT line or `pg_stat_activity` cannot
 * show it. Form: PostgreSQL documentation, "pg_authid"; keys: RFC 5802, section 3.
 * @param password ASCII, as pgdrill makes them: SASLprep leaves it as it is
 */
export function scramVerifier(
  password: string,
  salt: Buffer = randomBytes(16),
  iterations: number = ITERATIONS,
): string {
  const salted = pbkdf2Sync(password, salt, iterations, 32, 'sha256');
  const keyed = (text: string) => createHmac('sha256', salted).update(text).digest();
  const storedKey = createHash('sha256').update(keyed('Client Key')).digest('base64');
  const serverKey = keyed('Server Key').toString('base64');
  return `SCRAM-SHA-256$${iterations}:${salt.toString('base64')}$${storedKey}:${serverKey}`;
}
