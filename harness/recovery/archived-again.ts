import { historyNameOf, isSegmentName, nextWalName, parseWalName, segmentNumber } from '../formats/wal-name';

/** What of WAL is where. */
export interface WalLeft {
  /** Names in the leader's pg_wal. */
  onDisk: readonly string[];
  /** Segments that Barman holds. */
  held: readonly string[];
  /** Timelines whose history Barman holds. */
  histories: readonly number[];
  /** The first segment that a recovery needs. */
  from: string;
  /** The segment that the leader writes now: on its timeline. */
  current: string;
  /** bytes */
  segmentSize: number;
}

/**
 * What has to be archived once more so that Barman holds one segment of each number up to now, and each history of a timeline
 * that the leader has; and which numbers nobody has. Pure.
 */
export function archivedAgain({ onDisk, held, histories, from, current, segmentSize }: WalLeft): {
  again: string[];
  gone: string[];
} {
  const number = (name: string) => segmentNumber(name, segmentSize);
  const numbersHeld = new Set(held.filter(isSegmentName).map(number));
  // Of one number, the copy of the latest timeline: of the segment in which a timeline began it has all, too.
  const onDiskBy = new Map(
    onDisk
      .filter(isSegmentName)
      .sort()
      .map((name) => [number(name), name]),
  );
  const again: string[] = [];
  const gone: string[] = [];
  for (let name = from; number(name) < number(current); name = nextWalName(name, segmentSize)) {
    if (numbersHeld.has(number(name))) continue;
    const own = onDiskBy.get(number(name));
    if (own === undefined) gone.push(name);
    else again.push(own);
  }
  const last = parseWalName(current).timeline;
  const missing = onDisk
    .filter((name) => name.endsWith('.history'))
    .filter((name) => {
      const { timeline } = parseWalName(name);
      return timeline <= last && !histories.includes(timeline);
    })
    .map((name) => historyNameOf(parseWalName(name).timeline));
  return { again: [...missing.sort(), ...again], gone };
}
