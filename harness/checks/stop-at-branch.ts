import { compareLsn } from '../formats/lsn';
import type { LoggedRecovery } from '../formats/server-log';
import type { BranchRecords, ClusterEvidence, WalPlace } from '../record/evidence';
import type { Finding } from '../record/finding';
import type { Boundary, RecoveryResult, RecoveryTarget } from '../record/recovery';
import { sameXid } from './expected-stop';
import { replayedUntil } from './no-branch';
import type { Place } from './place';

/** What the WAL around the branch is held against. */
interface AtBranch {
  target: RecoveryTarget;
  boundary?: Boundary | undefined;
  cluster: ClusterEvidence;
  recovery: RecoveryResult;
  words: LoggedRecovery | null;
}

/**
 * The stop rule once more, over records of every kind: which record the recovery replayed last, and which it left out
 * first. Exact for each kind of target, also where no commit is near (recoveryStopsBefore, recoveryStopsAfter in
 * xlogrecovery.c).
 */
export function stopAtBranch(place: Place, at: AtBranch): Finding {
  const { target, cluster } = at;
  const expected = `WAL: the last record replayed is ${lastWanted(target)}`;
  if (target.kind === 'latest') return place.ok('WAL: no record left out, as the target is latest', 'none');
  const { last, next } = cluster.branchRecords ?? {};
  if (!last || !next) return place.unverified(expected, 'the records on both sides of the branch were not read');
  const found = `last ${inWords(last)}, then ${inWords(next)}`;
  const problems = [...ruleProblems(at, last, next), ...orderProblems(at, last, next)];
  if (problems.length > 0) return place.failed(expected, found, problems);
  const doubt = doubtOf(at, last);
  return doubt === undefined ? place.ok(expected, found) : place.unverified(expected, `${found}; ${doubt}`);
}

/** By the target alone. */
function ruleProblems({ target, boundary, cluster }: AtBranch, last: WalPlace, next: WalPlace): string[] {
  switch (target.kind) {
    case 'time':
      // What a time leaves out first is the boundary, which `stop-point` has derived from the times of the commits.
      if (boundary === undefined || compareLsn(next.lsn, boundary.lsn) === 0) return [];
      return [`the first record left out is not the boundary, ${boundary.lsn}`];
    case 'xid': {
      const end = target.inclusive ? last : next;
      if (end.xid !== undefined && sameXid(end.xid, target.xid)) return [];
      return [`the record ${target.inclusive ? 'replayed last' : 'left out first'} does not end ${target.xid}`];
    }
    case 'lsn': {
      // Of an inclusive target the record before the last is still short of it, of an exclusive one the last itself.
      const [reached, short] = target.inclusive ? [last.lsn, last.prev] : [next.lsn, last.lsn];
      if (compareLsn(reached, target.lsn) >= 0 && compareLsn(short, target.lsn) < 0) return [];
      return [`the first record from ${target.lsn} on is another`];
    }
    case 'name':
      return namedProblems(target.name, last, cluster.branchRecords);
    case 'immediate':
      if (last.operation !== 'BACKUP_END' || last.about === cluster.backup?.beginLsn) return [];
      return [`that is the end of a backup from ${last.about ?? '?'}, not of the one from ${cluster.backup?.beginLsn}`];
    case 'latest':
      return [];
  }
}

function namedProblems(name: string, last: WalPlace, records: BranchRecords | undefined): string[] {
  if (last.operation !== 'RESTORE_POINT' || last.about !== name) return [`that is not restore point "${name}"`];
  const first = records?.restorePoints?.[0];
  if (first === undefined || compareLsn(first, last.lsn) === 0) return [];
  return [`"${name}" was first made at ${first}, and the first of one name wins`];
}

/** By the boundary and by the places in the server's log. */
function orderProblems({ target, boundary, recovery, words }: AtBranch, last: WalPlace, next: WalPlace): string[] {
  const problems: string[] = [];
  if (boundary && (compareLsn(boundary.lsn, next.lsn) < 0 || compareLsn(boundary.lsn, last.lsn) <= 0))
    problems.push(`the boundary ${boundary.lsn} was replayed`);
  // The last record read: of a stop before a record, that record itself, which was not replayed.
  // At consistency PostgreSQL 15 stops once it has read one more.
  const read = stopsBefore(target) ? [next] : target.kind === 'immediate' ? [last, next] : [last];
  const { redoDoneLsn } = words ?? {};
  if (redoDoneLsn && !read.some((record) => compareLsn(redoDoneLsn, record.lsn) === 0))
    problems.push(`the server's log has redo done at ${redoDoneLsn}`);
  const until = replayedUntil(recovery);
  if (target.kind === 'immediate' && words?.consistentLsn && until !== undefined) {
    if (compareLsn(words.consistentLsn, until) !== 0)
      problems.push(`consistent at ${words.consistentLsn}, but replayed up to ${until}`);
  }
  return problems;
}

/** What the records cannot tell. */
function doubtOf({ target, boundary, cluster, words }: AtBranch, last: WalPlace): string | undefined {
  if (target.kind === 'time' && !boundary) return 'there is no boundary to compare with';
  if (target.kind === 'name' && cluster.branchRecords?.restorePoints === undefined)
    return 'whether it is the first of its name was not looked up';
  // A backup taken from a standby has no such record; where it is consistent only the server says.
  if (target.kind === 'immediate' && last.operation !== 'BACKUP_END' && !words?.consistentLsn)
    return 'no word of the server says where the backup is consistent';
  return undefined;
}

function stopsBefore(target: RecoveryTarget): boolean {
  return target.kind === 'time' || ((target.kind === 'xid' || target.kind === 'lsn') && !target.inclusive);
}

function lastWanted(target: RecoveryTarget): string {
  switch (target.kind) {
    case 'time':
      return 'the one before the boundary';
    case 'xid':
      return target.inclusive ? `the end of transaction ${target.xid}` : `the one before the end of ${target.xid}`;
    case 'lsn':
      return `${target.inclusive ? 'the first from' : 'the last before'} ${target.lsn}${target.inclusive ? ' on' : ''}`;
    case 'name':
      return `the first restore point "${target.name}"`;
    case 'immediate':
      return 'the end of the backup';
    case 'latest':
      return 'the last there is';
  }
}

function inWords(record: WalPlace): string {
  const about = record.xid === undefined ? record.about : record.xid;
  return `${record.rmgr}/${record.operation}${about === undefined ? '' : ` of ${about}`} at ${record.lsn}`;
}
