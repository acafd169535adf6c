import { createHash, randomBytes } from 'node:crypto';

/** Of this run alone: a digest made with it tells within the run whether two are the same, and nothing to who reads the report. */
export const runKey = randomBytes(16).toString('hex');

/** A digest in place of a value that may hold a secret. @param key of the run, or one that is kept beside the digests */
export function digestOf(text: string, key = runKey): string {
  return createHash('sha256').update(key).update(text).digest('hex').slice(0, 16);
}
