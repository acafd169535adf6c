import { formatIntervals } from '../../formats/intervals';
import { NumberSet } from '../../formats/number-set';
import type { LedgerEvidence } from '../../record/evidence';
import { isAcknowledged, type AcknowledgedEntry, type LedgerEntry } from './entry';
import { compareMoments, earlierOf, laterOf } from './moments';
import type { WalOrder } from './wal-order';

/** A way through timelines as it was read: which it has, where it left each, and how far it is known. */
export interface ReadWay {
  order: WalOrder;
  /** Whether a timeline lies on the way; the last of it does. */
  has(timeline: number): boolean;
  /** Whether all that the way has of a timeline that it left was read: what was not met then lies past that place. */
  leftAndWhole(timeline: number): boolean;
  /** Whether the last timeline was read to its end, as far as it goes now. */
  readonly whole: boolean;
}

export interface SplitInput {
  writers: number;
  entries: AsyncIterable<LedgerEntry> | Iterable<LedgerEntry>;
  /** The way to the target. */
  target: ReadWay;
  targetTimeline: number;
  /**
   * Whether recovery was asked to end at a hole of the archive: what the way, whole up to there, does not have was committed
   * behind it.
   */
  endsAtGap?: boolean | undefined;
  /** The way of the recovered leader, from the branch on; undefined when it was not read. */
  recovered?: ReadWay | undefined;
  /** When every member was proven to refuse writes; undefined when no fence was made. */
  fencedAt?: string | undefined;
  /** When the recovered node was told to lead: what is acknowledged on a later timeline before was thrown away. */
  leadStartedAt?: string | undefined;
}

const classes = [
  'before',
  'discardedBefore',
  'discardedDuring',
  'abandoned',
  'resumed',
  'indeterminate',
  'unplaced',
  'multiRow',
] as const;
type ClassName = (typeof classes)[number];

/**
 * Splits the ledger by the order of commits in the WAL. The client cannot tell that order: timestamps and xids go
 * backwards among concurrent clients. Entries are taken one by one and kept as bits. No I/O of its own.
 */
export async function splitLedger(input: SplitInput): Promise<LedgerEvidence> {
  const sets = Object.fromEntries(classes.map((name) => [name, new NumberSet()])) as Record<ClassName, NumberSet>;
  let sent = 0;
  let acknowledged = 0;
  let lastAcknowledgedBeforeFence: string | undefined;
  let firstResumedAck: string | undefined;
  for await (const entry of input.entries) {
    sent += 1;
    if (entry.state === 'failed') continue;
    if (entry.parts > 1) sets.multiRow.add(entry.seq);
    if (!isAcknowledged(entry)) {
      sets.indeterminate.add(entry.seq);
      continue;
    }
    acknowledged += 1;
    const name = classOf(entry, input);
    sets[name].add(entry.seq);
    if (name === 'resumed') firstResumedAck = earlierOf(firstResumedAck, entry.acknowledgedAt);
    else if (!isAfterRecovery(entry, input) && !isAfterFence(entry, input))
      lastAcknowledgedBeforeFence = laterOf(lastAcknowledgedBeforeFence, entry.acknowledgedAt);
  }
  const text = (name: ClassName) => formatIntervals(sets[name].toIntervals());
  return {
    writers: input.writers,
    sent,
    acknowledged,
    before: text('before'),
    discardedBefore: text('discardedBefore'),
    discardedDuring: text('discardedDuring'),
    abandoned: text('abandoned'),
    resumed: text('resumed'),
    indeterminate: text('indeterminate'),
    unplaced: text('unplaced'),
    multiRow: text('multiRow'),
    ...input.target.order.evidence,
    ...(lastAcknowledgedBeforeFence === undefined ? {} : { lastAcknowledgedBeforeFence }),
    ...(firstResumedAck === undefined ? {} : { firstResumedAck }),
  };
}

function classOf(entry: AcknowledgedEntry, input: SplitInput): ClassName {
  const discarded = isAfterFence(entry, input) ? 'discardedDuring' : 'discardedBefore';
  const { timeline, xid } = entry;
  if (timeline === undefined || xid === undefined) return 'unplaced';
  if (timeline > input.targetTimeline) {
    // Never matched with the WAL by xid before the recovered node leads: a member that promoted itself meanwhile may have
    // given out the same numbers, of timeline and xid, once before.
    return isAfterRecovery(entry, input) ? resumedClass(timeline, xid, input) : discarded;
  }
  const { target } = input;
  switch (target.order.placeOf(timeline, xid)) {
    case 'before':
      return 'before';
    case 'from':
      return discarded;
    case 'left':
      return 'abandoned';
    default:
      // No record was met. Acknowledged is written to disk, so where the way holds all that it has of a timeline that it
      // left, the record lies past that place; a timeline that is not on the way at all was left altogether.
      if (timeline < input.targetTimeline && (!target.has(timeline) || target.leftAndWhole(timeline)))
        return 'abandoned';
      return input.endsAtGap && target.whole ? discarded : 'unplaced';
  }
}

/** What was acknowledged on a later timeline once the recovered node was told to lead. */
function resumedClass(timeline: number, xid: string, { recovered }: SplitInput): ClassName {
  if (!recovered) return 'resumed';
  // Another leader than the recovered one took it, on a branch that nobody follows.
  if (!recovered.has(timeline)) return 'discardedDuring';
  if (recovered.order.placeOf(timeline, xid) === 'before') return 'resumed';
  if (recovered.leftAndWhole(timeline)) return 'abandoned';
  return recovered.whole ? 'unplaced' : 'resumed';
}

function isAfterRecovery({ timeline, acknowledgedAt }: AcknowledgedEntry, input: SplitInput): boolean {
  const { leadStartedAt, targetTimeline } = input;
  if (timeline === undefined || timeline <= targetTimeline) return false;
  return leadStartedAt === undefined || compareMoments(acknowledgedAt, leadStartedAt) >= 0;
}

function isAfterFence({ acknowledgedAt }: AcknowledgedEntry, { fencedAt }: SplitInput): boolean {
  return fencedAt !== undefined && compareMoments(acknowledgedAt, fencedAt) > 0;
}
