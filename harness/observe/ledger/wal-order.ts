import { NumberSet } from '../../formats/number-set';
import { compareLsn, parseLsn } from '../../formats/lsn';
import { stopOf, type RecoveryTarget as StopTarget } from '../../formats/recovery-target';
import { timelineOwning, type TimelineHistory } from '../../formats/timeline-history';
import { commitOf, endsTransaction, type WalRecord } from '../../formats/waldump';
import type { LedgerEvidence } from '../../record/ledger';
import type { Boundary, RecoveryTarget } from '../../record/recovery';
import type { EarlyWal } from './early-wal';
import { Recent } from './recent';

/** Commits kept on either side of the boundary, so that a check can apply the stop rule again. */
const AROUND = 20;

/** How far back ends of the boundary's microsecond are looked for: as many as the server has backends, many times over. */
const TIES_WITHIN = 1024;

export interface WalOrderOptions {
  /** Where recovery stops. */
  target: RecoveryTarget;
  /** Where the backup becomes consistent; without it nothing can be placed for `immediate`. */
  consistentLsn?: string | undefined;
  /** The way that recovery took: the target's timeline and its ancestors up to where each was left. */
  history: TimelineHistory;
  /** Where replay begins, as an LSN: what was committed before it is in the backup, whatever the target says. */
  replayFrom: string;
}

/** Where a commit lies: before the boundary, from it on, or past the place where the history left its timeline. */
export type Place = 'before' | 'from' | 'left';

/**
 * The order of commits on the way to a target, taken up record by record and kept as bits: which transaction committed
 * before the boundary, which from it on. The boundary is the first commit or abort that recovery to the target leaves
 * out. Matched by timeline and xid: an xid is given out once on each.
 */
export class WalOrder {
  private readonly places: Record<Place, Map<number, NumberSet>> = {
    before: new Map(),
    from: new Map(),
    left: new Map(),
  };
  private readonly before = new Recent<WalRecord>(AROUND);
  private readonly times = new Recent<string>(TIES_WITHIN);
  private readonly after: WalRecord[] = [];
  private stopped = false;
  private boundary: WalRecord | undefined;
  private lastKept: WalRecord | undefined;
  private laterTies = 0;
  /** The first commit or abort at or after an LSN that was asked for. */
  private readonly awaited = new Map<string, WalRecord | undefined>();

  /** What the WAL is judged by; undefined when nobody knows, so that nothing can be placed. */
  private readonly target: StopTarget | undefined;

  constructor(private readonly options: WalOrderOptions) {
    this.target = stopTarget(options);
  }

  /** Takes up what was committed before the backup. */
  addEarly(early: EarlyWal): void {
    if (!this.target) return;
    // A copy: more is added to it, and the ledger may be placed more than once.
    for (const [timeline, commits] of early.commits)
      this.places.before.set(timeline, NumberSet.from(commits.toIntervals()));
    for (const record of early.recent) this.keep(record);
  }

  /**
   * Takes up the next record of the way. Commits and aborts are enough, save for a target by name, which needs restore
   * points too; in WAL order.
   */
  add(record: WalRecord): void {
    const { target } = this;
    if (!target) return;
    let stopAfter = false;
    if (!this.stopped && compareLsn(record.lsn, this.options.replayFrom) >= 0) {
      const stop = stopOf(target, [record]);
      this.stopped = stop?.rule === 'stop-before';
      stopAfter = stop?.rule === 'stop-after';
    }
    if (endsTransaction(record)) {
      this.answerAwaited(record);
      this.put(this.stopped ? 'from' : 'before', this.timelineOf(record.lsn), record);
      if (this.stopped) this.leaveOut(record);
      else this.keep(record);
    }
    if (stopAfter) this.stopped = true;
  }

  /** Takes up a record that a timeline wrote after the history had left it. */
  addLeft(timeline: number, record: WalRecord): void {
    if (endsTransaction(record)) this.put('left', timeline, record);
  }

  /** Asks, before records are taken up, for the first commit or abort at or after an LSN; see `firstFrom`. */
  awaitFrom(lsn: string): void {
    this.awaited.set(lsn, undefined);
  }

  firstFrom(lsn: string): WalRecord | undefined {
    return this.awaited.get(lsn);
  }

  /** Where the commit of a transaction lies; undefined when its record was not met. @param xid of 32 or 64 bits */
  placeOf(timeline: number, xid: string): Place | undefined {
    const short = shortXid(xid);
    for (const place of ['before', 'from', 'left'] as const)
      if (this.places[place].get(timeline)?.has(short)) return place;
    return undefined;
  }

  /** How many commits of a timeline were met on the way. */
  commitsOn(timeline: number): number {
    const { before, from } = this.places;
    return (before.get(timeline)?.size ?? 0) + (from.get(timeline)?.size ?? 0);
  }

  /** The boundary and what lies around it. */
  get evidence(): Pick<LedgerEvidence, 'around' | 'boundary' | 'lastRecovered' | 'tiesAtBoundary'> {
    const { boundary, lastKept } = this;
    return {
      ...(boundary ? { boundary: this.boundaryOf(boundary) } : {}),
      around: [...this.before.items, ...this.after].map(commitOf),
      ...(lastKept ? { lastRecovered: lastKept.transaction!.time } : {}),
      ...(boundary
        ? { tiesAtBoundary: this.laterTies + this.times.count((time) => time === boundary.transaction!.time) }
        : {}),
    };
  }

  private keep(record: WalRecord): void {
    this.before.add(record);
    this.times.add(record.transaction!.time);
    if (isCommit(record)) this.lastKept = record;
  }

  private leaveOut(record: WalRecord): void {
    this.boundary ??= record;
    if (this.after.length < AROUND) this.after.push(record);
    if (record.transaction!.time === this.boundary.transaction!.time) this.laterTies += 1;
  }

  private put(place: Place, timeline: number, record: WalRecord): void {
    if (!isCommit(record)) return;
    const known = this.places[place].get(timeline) ?? new NumberSet();
    this.places[place].set(timeline, known);
    known.add(Number(record.transaction!.xid));
  }

  private answerAwaited(record: WalRecord): void {
    for (const [lsn, found] of this.awaited)
      if (!found && compareLsn(record.lsn, lsn) >= 0) this.awaited.set(lsn, record);
  }

  private timelineOf(lsn: string): number {
    const { history } = this.options;
    return history.ancestors.length === 0 ? history.timeline : timelineOwning(history, lsn);
  }

  private boundaryOf(record: WalRecord): Boundary {
    const { record: action, ...place } = commitOf(record);
    const kept = this.lastKept && commitOf(this.lastKept);
    const lastKept = kept && { lsn: kept.lsn, xid: kept.xid, time: kept.time };
    return { timeline: this.timelineOf(record.lsn), ...place, record: action, ...(lastKept ? { lastKept } : {}) };
  }
}

/** Where a timeline was left by a history, as a byte position; undefined for the last one, and for one not on the way. */
export function leftAt(history: TimelineHistory, timeline: number): bigint | undefined {
  const row = history.ancestors.find((ancestor) => ancestor.timeline === timeline);
  return row && parseLsn(row.endLsn);
}

/** An xid in the 32 bits that records carry; `immediate` at the place where the backup becomes consistent. */
function stopTarget({ target, consistentLsn }: WalOrderOptions): StopTarget | undefined {
  if (target.kind === 'xid') return { ...target, xid: String(shortXid(target.xid)) };
  if (target.kind !== 'immediate') return target;
  return consistentLsn === undefined ? undefined : { kind: 'immediate', consistentLsn };
}

function isCommit(record: WalRecord): boolean {
  return record.transaction!.action.startsWith('COMMIT');
}

/** The 32 bits of a 64-bit transaction id that WAL records carry. */
function shortXid(xid: string): number {
  return Number(BigInt(xid) & 0xffffffffn);
}
