import { consistentLsnOf } from '../../backup/archived-records';
import { archivedFileNames, archivedHistory } from '../../backup/wal-archive';
import { endedWell, walkWal } from '../../backup/wal-walk';
import type { BarmanServer } from '../../cluster/barman-server';
import type { Cluster } from '../../cluster/cluster';
import type { PatroniNode } from '../../cluster/patroni-node';
import { formatLsn, parseLsn } from '../../formats/lsn';
import { parseTimelineHistory, type TimelineHistory } from '../../formats/timeline-history';
import type { BackupRef } from '../../record/backup-ref';
import type { LedgerEvidence, WalCommit } from '../../record/evidence';
import type { RecoveryTarget } from '../../record/recovery';
import type { WaitContext } from '../../run/until';
import type { Ledger } from '../ledger/ledger';
import { splitLedger, type ReadWay } from '../ledger/split';
import { leftAt, WalOrder } from '../ledger/wal-order';
import { commitOf } from '../../formats/waldump';
import { walPath, type PathSegment } from '../ledger/wal-path';

export interface LedgerQuestions {
  writers: number;
  target: RecoveryTarget;
  targetTimeline: number;
  fencedAt?: string | undefined;
  leadStartedAt?: string | undefined;
  branchLsn?: string | undefined;
  segmentSize: number;
  backup: BackupRef;
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
  const target = await reader.read(order, history, beginLsn, { rmgrs, begun: early?.whole ?? true });
  for (const { timeline, endLsn } of history.ancestors) await reader.readLeft(order, timeline, endLsn);
  const recovered = await readRecovered(reader, current, ask);
  const split = await splitLedger({
    writers: ask.writers,
    entries: ledger.entries(),
    target,
    targetTimeline: ask.targetTimeline,
    recovered,
    fencedAt: ask.fencedAt,
    leadStartedAt: ask.leadStartedAt,
  });
  const parent = ask.branchLsn === undefined ? undefined : order.firstFrom(ask.branchLsn);
  return {
    ledger: {
      ...split,
      placedOn: [...target.placedOn, ...(recovered?.placedOn ?? [])],
      terms: ledger.terms,
      load: ledger.load,
      file: await ledger.reference(),
    },
    ...(parent ? { parentRecord: commitOf(parent) } : {}),
  };
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

type PlacedOn = NonNullable<LedgerEvidence['placedOn']>;

/** Reads ways through the timelines out of Barman's archive. */
class ArchiveReader {
  private constructor(
    private readonly context: WaitContext,
    private readonly barman: BarmanServer,
    private readonly segmentSize: number,
    private readonly files: ReadonlyMap<string, string>,
  ) {}

  static async open(context: WaitContext, barman: BarmanServer, segmentSize: number): Promise<ArchiveReader> {
    return new ArchiveReader(context, barman, segmentSize, await archivedFileNames(barman));
  }

  /**
   * Gives an order all records of a way from an LSN on.
   * @param begun whether all before that LSN is known
   * @param upTo LSN up to which the archive should go: a way that ends before is not whole, by a missing segment as by a damaged one
   */
  async read(
    order: WalOrder,
    history: TimelineHistory,
    fromLsn: string,
    { rmgrs, begun, upTo }: { rmgrs: string[]; begun: boolean; upTo?: string },
  ): Promise<ReadWay & { placedOn: PlacedOn }> {
    const path = walPath(history, [...this.files.keys()], fromLsn, this.segmentSize);
    const from = parseLsn(fromLsn);
    const end = await this.walk(path.segments, rmgrs, (record) => {
      const at = parseLsn(record.lsn);
      if (at >= from && at < path.until) order.add(record);
    });
    // Where WAL is at its end, the message names the last record of any kind.
    const until = end === null ? path.until : end.kind === 'bad-record' ? parseLsn(end.lastLsn) : from;
    const timelines = [...history.ancestors.map((row) => row.timeline), history.timeline];
    const has = (timeline: number) => timelines.includes(timeline);
    return {
      order,
      has,
      leftAndWhole(timeline) {
        const left = leftAt(history, timeline);
        return begun && left !== undefined && left <= until;
      },
      whole:
        begun && path.segments.length > 0 && endedWell(end) && (upTo === undefined || path.until >= parseLsn(upTo)),
      placedOn: timelines.flatMap((timeline) => {
        const left = leftAt(history, timeline);
        const commits = order.commitsOn(timeline);
        if (commits === 0 && timeline !== history.timeline) return [];
        return [{ timeline, commits, ...(left === undefined ? {} : { untilLsn: formatLsn(left) }) }];
      }),
    };
  }

  /** Gives an order what a timeline wrote after it was left, as far as the archive has it. */
  async readLeft(order: WalOrder, timeline: number, switchLsn: string): Promise<void> {
    const { segments } = walPath({ timeline, ancestors: [] }, [...this.files.keys()], switchLsn, this.segmentSize);
    const from = parseLsn(switchLsn);
    await this.walk(segments, ['Transaction'], (record) => {
      if (parseLsn(record.lsn) >= from) order.addLeft(timeline, record);
    });
  }

  private walk(segments: readonly PathSegment[], rmgrs: string[], each: Parameters<typeof walkWal>[4]) {
    const walked = segments.map(({ name, file }) => ({ name, file: this.files.get(file) ?? file }));
    return walkWal(this.context, this.barman.container, walked, { user: 'barman', rmgrs }, each);
  }
}

async function historyOf(leader: PatroniNode): Promise<TimelineHistory> {
  const timeline = await leader.writtenTimeline();
  return parseTimelineHistory(timeline, await leader.history(timeline));
}

/** The history of the target's timeline: part of the leader's where it comes from there, else the archive's. */
async function historyOfTarget(
  barman: BarmanServer,
  current: TimelineHistory,
  timeline: number,
): Promise<TimelineHistory> {
  if (timeline === 1) return { timeline, ancestors: [] };
  if (current.timeline === timeline) return current;
  const at = current.ancestors.findIndex((row) => row.timeline === timeline);
  if (at >= 0) return { timeline, ancestors: current.ancestors.slice(0, at) };
  return parseTimelineHistory(timeline, await archivedHistory(barman, timeline));
}
