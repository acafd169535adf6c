import { parseHistoryReason } from '../formats/history-reason';
import { compareLsn } from '../formats/lsn';
import { parseTimelineHistory } from '../formats/timeline-history';
import type { LoggedRecovery, LoggedStop } from '../formats/server-log';
import type { ClusterEvidence, WalCommit } from '../record/evidence';
import type { Finding } from '../record/finding';
import type { Boundary, RecoveryResult, RecoveryTarget } from '../record/recovery';
import type { Check } from './check';
import { recoveryIsJudged } from './applicability';
import { branchOf } from './branch';
import { derivedBoundary, expectedWords, isExpectedReason, isExpectedStop, sameTime } from './expected-stop';
import { leaderOf } from './leader-of';
import { lookHistory, lookIn } from './look';
import { asideReason, noBranch } from './no-branch';
import { everyCluster, firstOf, Place, SHOWN } from './place';
import { stopAtBranch } from './stop-at-branch';
import { markFindings } from './stop-marks';
import { inWords, stopWords } from './stop-words';
import { reachedTarget, walOrderOf } from './without-ledger';

/** @param node the member that was recovered on */
const look = (node: string | undefined): string =>
  lookIn(node ?? 'db1', 'grep -E "recovery stopping|redo done|last completed" /var/log/postgresql/postgresql.log');

/**
 * Oracle 3: where replay stopped, from three sources that do not know of each other: the server's log, the WAL by the
 * stop rule, and the third column of the history file.
 */
export const stopPoint: Check = {
  id: 'stop-point',
  version: 2,
  title: 'PostgreSQL stopped replay exactly where the target says, by its log, the WAL and the timeline history',
  oracle: 3,
  applies: (episode, evidence) =>
    episode.recovery?.branch === 'promoted'
      ? 'nothing was recovered to a point in time'
      : recoveryIsJudged(episode, evidence),
  examine(examined) {
    const { recovery } = examined.episode;
    const place = new Place('stop-point', examined);
    const expected = 'replay stops at the target';
    if (!recovery) return [place.unverified(expected, 'no recovery is recorded')];
    if (recovery.outcome === 'skipped') return [place.failed(expected, 'the recovery was not run')];
    if (!reachedTarget(examined.episode))
      return [place.unverified(expected, `the recovery ended as ${recovery.outcome}`)];
    if (!recovery.plan) return [place.unverified(expected, 'the plan, which names the target, is not recorded')];
    const { target } = recovery.plan;
    return everyCluster('stop-point', examined, (at) => {
      if (recovery.node !== undefined && !at.cluster.members[recovery.node]) return [];
      return [
        ...stopFindings(at.place, at.cluster, recovery, target),
        // Beside the cluster nothing else is brought back: what was marked stays there, on either side.
        ...(noBranch(examined.episode)
          ? []
          : markFindings(at, examined.episode.incident?.marks ?? [], target, recovery.plan?.endsAtGap)),
      ];
    });
  },
};

function stopFindings(
  place: Place,
  cluster: ClusterEvidence,
  recovery: RecoveryResult,
  target: RecoveryTarget,
): Finding[] {
  const boundary = walOrderOf(cluster)?.boundary;
  const words = recovery.stop && recovery.stop.length > 0 ? stopWords(recovery.stop) : null;
  const stop = words?.stop ?? null;
  return [
    inLog(place, target, boundary, recovery, words),
    inWal(place, target, boundary, cluster, stop),
    inHistory(place, target, boundary, cluster, recovery, stop),
    stopAtBranch(place, { target, boundary, cluster, recovery, words }),
  ];
}

function inLog(
  place: Place,
  target: RecoveryTarget,
  boundary: Boundary | undefined,
  recovery: RecoveryResult,
  words: LoggedRecovery | null,
): Finding {
  const stop = words?.stop ?? null;
  const expected = `server log: recovery ${expectedWords(target, boundary)}`;
  const lines = recovery.stop ?? [];
  if (lines.length === 0) return place.unverified(expected, "the server's words were not kept");
  const detail = [...lines.slice(0, SHOWN), look(recovery.node)];
  if (words?.endedBeforeTarget)
    return place.failed(expected, 'recovery ended before configured recovery target was reached', detail);
  if (!stop && target.kind !== 'latest') return place.unverified(expected, 'no words about a stop', detail);
  if (!boundary && (target.kind === 'time' || (target.kind === 'xid' && !target.inclusive))) {
    return place.unverified(expected, `${stop ? inWords(stop) : 'no stop'}, but no boundary to compare with`, detail);
  }
  const found = stop ? `recovery ${inWords(stop)}` : 'no stop';
  if (!isExpectedStop(target, boundary, stop)) return place.failed(expected, found, detail);
  // After a stop before a transaction's end, the last record read is that end: the log's only word about its LSN.
  const lastRead = stop?.kind === 'transaction' && stop.when === 'before' ? words?.redoDoneLsn : undefined;
  if (lastRead && boundary && compareLsn(lastRead, boundary.lsn) !== 0) {
    return place.failed(`${expected}, at ${boundary.lsn}`, `${found}, but redo done at ${lastRead}`, detail);
  }
  return place.ok(expected, found);
}

/** The rule once more, over the commits that were kept: the boundary must be the first that satisfies it. */
function inWal(
  place: Place,
  target: RecoveryTarget,
  boundary: Boundary | undefined,
  cluster: ClusterEvidence,
  stop: LoggedStop | null,
): Finding {
  if (target.kind === 'latest') return place.ok('WAL: no boundary, as the target is latest', 'none');
  const expected = `WAL: the boundary is the first commit or abort left out by ${inTarget(target)}`;
  const order = walOrderOf(cluster);
  if (!boundary || !order) return place.unverified(expected, 'no boundary was found');
  const at = describe(boundary);
  const commits = inOrder(order.around, boundary);
  if (!commits.some((commit) => compareLsn(commit.lsn, boundary.lsn) === 0)) {
    return place.unverified(expected, `${at}, but the commits around it were not kept`);
  }
  const derived = derivedBoundary(target, commits, stop, cluster.branchRecords?.next?.lsn);
  if (derived === undefined) return place.unverified(expected, `${at}, but nothing says at which record it stopped`);
  const detail = [...ties(target, boundary, cluster), ...commits.slice(0, SHOWN * 2).map(describe)];
  if (derived && compareLsn(derived.lsn, boundary.lsn) === 0 && derived.xid === boundary.xid) {
    return place.ok(expected, at, ties(target, boundary, cluster));
  }
  return place.failed(expected, `${at}, but the rule gives ${derived ? describe(derived) : 'none'}`, detail);
}

/** Commits in WAL order, with the last one kept among them. */
function inOrder(around: readonly WalCommit[], boundary: Boundary): WalCommit[] {
  const { lastKept } = boundary;
  const known = lastKept === undefined || around.some((commit) => compareLsn(commit.lsn, lastKept.lsn) === 0);
  const all = known || lastKept === undefined ? [...around] : [...around, { ...lastKept, record: 'COMMIT' }];
  return all.sort((a, b) => compareLsn(a.lsn, b.lsn));
}

/**
 * Commits of one microsecond cannot be parted by a time target: they are left out, or kept, together. What parts them is
 * the LSN of each but the first, exclusive.
 */
function ties(target: RecoveryTarget, boundary: Boundary, cluster: ClusterEvidence): string[] {
  if (target.kind !== 'time') return [];
  const order = walOrderOf(cluster);
  const around = (order?.around ?? []).filter((commit) => sameTime(commit.time, boundary.time));
  const tied = Math.max(order?.tiesAtBoundary ?? 0, around.length);
  if (tied <= 1) return [];
  const later = around
    .filter((commit) => compareLsn(commit.lsn, boundary.lsn) > 0)
    .map((commit) => `lsn:${commit.lsn}`);
  const parting = later.length > 0 ? `${firstOf(later)}, exclusive,` : `lsn:${boundary.lsn}, inclusive,`;
  return [
    `${tied} commits share the boundary's microsecond ${boundary.time}: a time target cannot part them, ${parting} can`,
  ];
}

function inHistory(
  place: Place,
  target: RecoveryTarget,
  boundary: Boundary | undefined,
  cluster: ClusterEvidence,
  recovery: RecoveryResult,
  stop: LoggedStop | null,
): Finding {
  const expected = `timeline history: the reason of the branch is ${expectedWords(target, boundary)}`;
  const text = asideReason(recovery) ?? branchReason(cluster, recovery.newTimeline);
  if (text === undefined) return place.unverified(expected, 'no history with the branch was observed');
  if (target.kind === 'time' && !boundary)
    return place.unverified(expected, `"${text}", but no boundary to compare with`);
  if (isExpectedReason(target, boundary, stop, parseHistoryReason(text))) return place.ok(expected, text);
  return place.failed(expected, text, [lookHistory(leaderOf(cluster) ?? recovery.node ?? 'db1')]);
}

/** Third column of the row by which the new timeline left its parent: on the leader, else on a member, else in the archive. */
function branchReason(cluster: ClusterEvidence, newTimeline: number | undefined): string | undefined {
  if (newTimeline === undefined) return undefined;
  const leader = leaderOf(cluster);
  const held = Object.keys(cluster.members)
    .sort((a, b) => Number(b === leader) - Number(a === leader) || (a < b ? -1 : 1))
    .map((name) => ({ timeline: cluster.members[name]?.timeline, text: cluster.members[name]?.history }));
  const archived = { timeline: newTimeline, text: cluster.archive?.histories[String(newTimeline)] };
  for (const { timeline, text } of [...held, archived]) {
    if (timeline === undefined || text === undefined) continue;
    const branch = branchOf(parseTimelineHistory(timeline, text), newTimeline);
    if (branch) return branch.row.reason;
  }
  return undefined;
}

function inTarget(target: RecoveryTarget): string {
  const side = 'inclusive' in target ? (target.inclusive ? ', inclusive' : ', exclusive') : '';
  switch (target.kind) {
    case 'time':
      return `time ${target.time}${side}`;
    case 'xid':
      return `xid ${target.xid}${side}`;
    case 'lsn':
      return `LSN ${target.lsn}${side}`;
    case 'name':
      return `restore point "${target.name}"`;
    default:
      return target.kind;
  }
}

function describe(commit: { lsn: string; xid: string; time: string; record: string }): string {
  return `${commit.record} of ${commit.xid} at ${commit.lsn}, ${commit.time}`;
}
