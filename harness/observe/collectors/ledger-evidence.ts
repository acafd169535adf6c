import { consistentLsnOf } from '../../backup/archived-records';
import type { Cluster } from '../../cluster/cluster';
import type { PatroniNode } from '../../cluster/patroni-node';
import { parseLsn } from '../../formats/lsn';
import { parseTimelineHistory, type TimelineHistory } from '../../formats/timeline-history';
import type { BackupRef } from '../../record/backup-ref';
import type { LedgerEvidence, WalCommit } from '../../record/evidence';
import type { RecoveryTarget } from '../../record/recovery';
import type { WaitContext } from '../../run/until';
import { ArchiveReader, historyOfTarget, type PlacedOn } from '../ledger/archive-reader';
import type { EarlyWal } from '../ledger/early-wal';
import type { Ledger } from '../ledger/ledger';
import { splitLedger, type ReadWay } from '../ledger/split';
import { leftAt, WalOrder } from '../ledger/wal-order';
import { commitOf } from '../../formats/waldump';

export interface LedgerQuestions {
  writers: number;
  target: RecoveryTarget;
  targetTimeline: number;
  fencedAt?: string | undefined;
  leadStartedAt?: string | undefined;
  branchLsn?: string | undefined;
  segmentSize: number;
  backup: BackupRef;
  /**
   * Where a recovery beside the cluster stopped, when its history goes on: nothing of the ledger is left out then, and the
   * boundary is that of the server aside.
   */
  aside?: RecoveryTarget | undefined;
  /** Where the archive has a hole that recovery was asked to end at. */
  endsAtGap?: string | undefined;
  /** Up to where the archive should go by now. */
  archivedUntil?: string;
}

/**
 * The ledger placed in the order of the WAL: the way to the target as Barman holds it from the begin of the backup on,
 * before that as it was read from the leader, and the recovered branch for what was acknowledged on it. Each segment is
 * read once, as a stream. Also the parent's first commit or abort at or after the branch, which must be the one that
 * stopped replay.
 */
export async function observeLedger(
  context: WaitContext,
  cluster: Cluster,
  ledger: Ledger,
  ask: LedgerQuestions,
): Promise<{ ledger: LedgerEvidence; parentRecord?: WalCommit }> {
  const reader = await ArchiveReader.open(context, cluster.barman, ask.segmentSize);
  const leader = await cluster.leader();
  const current = await historyOf(leader);
  const history = await historyOfTarget(cluster.barman, current, ask.targetTimeline);
  const { beginLsn, endLsn } = ask.backup;
  // Barman's end of a backup is later than where it is consistent, and commits lie between.
  const consistentLsn = (await consistentLsnOf(cluster.barman, ask.backup, ask.segmentSize)) ?? endLsn;
  const order = new WalOrder({ target: ask.target, history, replayFrom: beginLsn, consistentLsn });
  const early = ledger.earlyWal;
  if (early) order.addEarly(early);
  if (ask.branchLsn !== undefined) order.awaitFrom(ask.branchLsn);
  const rmgrs = ask.target.kind === 'name' ? ['Transaction', 'XLOG'] : ['Transaction'];
  const target = await reader.read(order, history, beginLsn, {
    rmgrs,
    begun: early?.whole ?? true,
    ...(ask.endsAtGap === undefined ? {} : { upTo: ask.endsAtGap }),
    ...leftBy(current, ask),
  });
  for (const { timeline, endLsn } of history.ancestors) await reader.readLeft(order, timeline, endLsn);
  const { boundary, around, tiesAtBoundary } =
    (await readAside(reader, ask, history, consistentLsn, early))?.evidence ?? {};
  const recovered = await readRecovered(reader, current, ask);
  const split = await splitLedger({
    writers: ask.writers,
    entries: ledger.entries(),
    target,
    targetTimeline: ask.targetTimeline,
    endsAtGap: ask.endsAtGap !== undefined,
    recovered,
    fencedAt: ask.fencedAt,
    leadStartedAt: ask.leadStartedAt,
  });
  const parent = ask.branchLsn === undefined ? undefined : order.firstFrom(ask.branchLsn);
  return {
    ledger: {
      ...split,
      ...(boundary ? { boundary, around: around ?? [], tiesAtBoundary: tiesAtBoundary ?? 0 } : {}),
      placedOn: [...target.placedOn, ...(recovered?.placedOn ?? [])],
      terms: ledger.terms,
      load: ledger.load,
      file: await ledger.reference(),
    },
    ...(parent ? { parentRecord: commitOf(parent) } : {}),
  };
}

/** The same way once more, with the target of a recovery beside the cluster: where that left out the first commit. */
async function readAside(
  reader: ArchiveReader,
  { aside, backup }: LedgerQuestions,
  history: TimelineHistory,
  consistentLsn: string,
  early: EarlyWal | undefined,
): Promise<WalOrder | undefined> {
  if (!aside) return undefined;
  const order = new WalOrder({ target: aside, history, replayFrom: backup.beginLsn, consistentLsn });
  if (early) order.addEarly(early);
  const rmgrs = aside.kind === 'name' ? ['Transaction', 'XLOG'] : ['Transaction'];
  await reader.read(order, history, backup.beginLsn, { rmgrs, begun: true });
  return order;
}

/** Where the recovered leader's history left the target's timeline, and the first timeline that came of it. */
function leftBy(
  { timeline, ancestors }: TimelineHistory,
  { branchLsn, targetTimeline }: LedgerQuestions,
): { left?: { lsn: string; child: number } } {
  const at = ancestors.findIndex((row) => row.timeline === targetTimeline);
  if (branchLsn === undefined || at < 0) return {};
  return { left: { lsn: branchLsn, child: ancestors[at + 1]?.timeline ?? timeline } };
}

/** The way of the leader from the branch on, where it is the recovered one: it has left the target's timeline there. */
async function readRecovered(
  reader: ArchiveReader,
  history: TimelineHistory,
  { branchLsn, targetTimeline, archivedUntil }: LedgerQuestions,
): Promise<(ReadWay & { placedOn: PlacedOn }) | undefined> {
  const left = leftAt(history, targetTimeline);
  if (branchLsn === undefined || left === undefined || left !== parseLsn(branchLsn)) return undefined;
  const order = new WalOrder({ target: { kind: 'latest' }, history, replayFrom: branchLsn });
  return reader.read(order, history, branchLsn, {
    rmgrs: ['Transaction'],
    begun: true,
    ...(archivedUntil === undefined ? {} : { upTo: archivedUntil }),
  });
}

async function historyOf(leader: PatroniNode): Promise<TimelineHistory> {
  const timeline = await leader.writtenTimeline();
  return parseTimelineHistory(timeline, await leader.history(timeline));
}
