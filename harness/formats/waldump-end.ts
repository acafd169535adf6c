import { canonicalLsn } from './lsn';

/** Where and why pg_waldump stopped reading, from its messages. */
export type EndOfWal =
  | {
      kind: 'bad-record';
      /** start of the last record that could be read */
      lastLsn: string;
      /** where the reader gave up, when the message says so */
      atLsn: string | null;
      reason: string;
      /** true where nothing was written yet: how every live last segment ends. Never true of damage */
      unwritten: boolean;
    }
  | { kind: 'missing-file'; file: string }
  | { kind: 'no-record'; afterLsn: string }
  | { kind: 'unreadable'; reason: string };

/**
 * Finds how pg_waldump ended in its error output (or in both outputs together). Exit code 1 alone tells nothing: the
 * last segment of a running server always gives it. A complete archived segment gives no message at all.
 * @returns null when it reached the end it was asked for
 */
export function parseEndOfWal(output: string): EndOfWal | null {
  for (const line of output.split('\n')) {
    const message = /^pg_waldump: (?:error|fatal): (.*)$/.exec(line)?.[1];
    if (message !== undefined) return endOf(message);
  }
  return null;
}

function endOf(message: string): EndOfWal {
  const bad = /^error in WAL record at ([0-9A-F]+\/[0-9A-F]+): (.*)$/.exec(message);
  if (bad) {
    const reason = bad[2] ?? '';
    const at = / at ([0-9A-F]+\/[0-9A-F]+)/.exec(reason)?.[1];
    return {
      kind: 'bad-record',
      lastLsn: canonicalLsn(bad[1] ?? ''),
      atLsn: at === undefined ? null : canonicalLsn(at),
      reason,
      // "wanted 24" up to PostgreSQL 15, "expected at least 24" from 16 on.
      unwritten: /^invalid record length at \S+: (wanted|expected at least) \d+, got 0$/.test(reason),
    };
  }
  const none = /^could not find a valid record after ([0-9A-F]+\/[0-9A-F]+)/.exec(message);
  if (none) return { kind: 'no-record', afterLsn: canonicalLsn(none[1] ?? '') };
  const missing = /^could not (?:find|locate WAL|open) file "([^"]+)"/.exec(message);
  if (missing) return { kind: 'missing-file', file: missing[1] ?? '' };
  return { kind: 'unreadable', reason: message };
}
