import { archivedFileNames, archivedHistory } from '../../backup/wal-archive';
import { endedWell, walkWal } from '../../backup/wal-walk';
import type { BarmanServer } from '../../cluster/barman-server';
import { formatLsn, parseLsn } from '../../formats/lsn';
import { parseTimelineHistory, type TimelineHistory } from '../../formats/timeline-history';
import { segmentAt, walNameFromNumber } from '../../formats/wal-name';
import type { LedgerEvidence } from '../../record/evidence';
import type { WaitContext } from '../../run/until';
import type { ReadWay } from './split';
import { leftAt, type WalOrder } from './wal-order';
import { walPath, type PathSegment, type WalPath } from '../../formats/wal-path';

export type PlacedOn = NonNullable<LedgerEvidence['placedOn']>;

/** Reads ways through the timelines out of Barman's archive. */
export class ArchiveReader {
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
   * @param left where the recovery left the last timeline, and the first one that came of it: its copy of that segment begins
   * with the parent's bytes, and is all there is of them where the parent's leader never finished it
   * @param upTo LSN up to which the archive should go: a way that ends before is not whole, by a missing segment as by a damaged one
   */
  async read(
    order: WalOrder,
    history: TimelineHistory,
    fromLsn: string,
    {
      rmgrs,
      begun,
      upTo,
      left,
    }: { rmgrs: string[]; begun: boolean; upTo?: string; left?: { lsn: string; child: number } },
  ): Promise<ReadWay & { placedOn: PlacedOn }> {
    const path = this.withChild(walPath(history, [...this.files.keys()], fromLsn, this.segmentSize), history, left);
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

  /** A way whose last segment nobody has but the timeline that came of it. */
  private withChild(path: WalPath, { timeline }: TimelineHistory, left?: { lsn: string; child: number }): WalPath {
    if (!left) return path;
    const branch = parseLsn(left.lsn);
    const number = segmentAt(branch, this.segmentSize);
    const file = walNameFromNumber(left.child, number, this.segmentSize);
    if (path.until !== number * BigInt(this.segmentSize) || !this.files.has(file)) return path;
    const name = walNameFromNumber(timeline, number, this.segmentSize);
    return { segments: [...path.segments, { name, file }], until: branch };
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
    return walkWal(this.context, this.barman.container, walked, { user: this.barman.user, rmgrs }, each);
  }
}

/** The history of the target's timeline: part of the leader's where it comes from there, else the archive's. */
export async function historyOfTarget(
  barman: BarmanServer,
  current: TimelineHistory | undefined,
  timeline: number,
): Promise<TimelineHistory> {
  if (timeline === 1) return { timeline, ancestors: [] };
  if (current?.timeline === timeline) return current;
  const at = current?.ancestors.findIndex((row) => row.timeline === timeline) ?? -1;
  if (current && at >= 0) return { timeline, ancestors: current.ancestors.slice(0, at) };
  return parseTimelineHistory(timeline, await archivedHistory(barman, timeline));
}
