import type { PatroniNode } from '../cluster/patroni-node';
import { microsTime } from '../formats/timestamptz';
import { commitOf, endsTransaction, parseWaldump } from '../formats/waldump';
import type { WalCommit } from '../record/ledger';

/**
 * Commits that a leader wrote from an LSN on, in WAL order, from its own pg_wal. pg_waldump ends with 1 at the end of
 * live WAL; what it printed until there counts.
 * @param xid only the end of this transaction, in the 32 bits of a record
 */
export async function ownCommits(
  leader: PatroniNode,
  fromLsn: string,
  options: { timeline: number; xid?: string },
): Promise<WalCommit[]> {
  const range = ['-p', `${leader.dataDir}/pg_wal`, '-t', String(options.timeline), '-s', fromLsn];
  const only = options.xid === undefined ? [] : ['-x', options.xid];
  const { stdout } = await leader.exec(
    ['env', 'TZ=UTC', 'LC_ALL=C', 'pg_waldump', '--rmgr=Transaction', ...range, ...only],
    { user: 'postgres', check: false },
  );
  return parseWaldump(stdout).filter(endsTransaction).map(commitOf);
}

/** Microseconds from one commit to another, by the times in their records. */
export function microsApart(a: Pick<WalCommit, 'time'>, b: Pick<WalCommit, 'time'>): bigint {
  return microsTime(b.time) - microsTime(a.time);
}
