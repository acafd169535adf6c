import { microsTime } from '../../formats/timestamptz';
import type { WalCommit } from '../../record/ledger';
import type { RecoveryTarget } from '../../record/recovery';

/**
 * Warns when several transactions ended in the very microsecond of a time target: it keeps all of them or none. The LSN of
 * each can part it from those before it.
 * @param commits those of that microsecond that are known, in WAL order
 */
export function sharedMicrosecond(target: RecoveryTarget, commits: readonly WalCommit[] = []): string | undefined {
  if (target.kind !== 'time') return undefined;
  const wanted = microsTime(target.time);
  const shared = commits.filter((commit) => microsTime(commit.time) === wanted);
  if (shared.length < 2) return undefined;
  const places = shared.slice(1).map((commit) => `lsn:${commit.lsn}`);
  return `${shared.length} transactions ended at ${target.time}: this target ${target.inclusive ? 'keeps them all' : 'leaves them all out'}; what parts them is ${places.join(' or ')}, exclusive`;
}
