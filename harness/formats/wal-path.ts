import { parseLsn } from './lsn';
import { reigns, type TimelineHistory } from './timeline-history';
import { segmentAt, walNameFromNumber } from './wal-name';

/** A segment of a way through timelines: which file's bytes are read under which name. */
export interface PathSegment {
  /** As of the way's last timeline, see `walkWal`. */
  name: string;
  /** The file that is read: a segment, or a `.partial` of it. */
  file: string;
}

/** Segments of the way in order, as far as they are held without a gap. */
export interface WalPath {
  segments: PathSegment[];
  /** The first byte that they do not hold, or not of this way. */
  until: bigint;
}

/**
 * The segments in which the WAL of a history lies, from an LSN on as far as they are held. For each segment number the
 * newest timeline of the history that began in or before it, as recovery reads (XLogFileReadAnyTLI in xlogrecovery.c).
 * Where that file is missing, the way ends: with the copy of a timeline that was left in this segment, which holds it
 * up to there; or with a `.partial`, which holds it up to somewhere.
 * @param files names that are held, whole or partial, in any order
 * @param segmentSize bytes
 */
export function walPath(
  history: TimelineHistory,
  files: readonly string[],
  fromLsn: string,
  segmentSize: number,
): WalPath {
  const held = new Set(files);
  const size = BigInt(segmentSize);
  const newestFirst = reigns(history).reverse();
  const segments: PathSegment[] = [];
  for (let number = segmentAt(parseLsn(fromLsn), segmentSize); ; number += 1n) {
    const here = newestFirst
      .filter(({ begin, end }) => begin < (number + 1n) * size && (end === null || end > number * size))
      .map(({ timeline, end }) => ({ file: walNameFromNumber(timeline, number, segmentSize), end }));
    const name = walNameFromNumber(history.timeline, number, segmentSize);
    const newest = here[0];
    if (newest && held.has(newest.file)) {
      segments.push({ name, file: newest.file });
      continue;
    }
    const last = here
      .flatMap(({ file, end }) => [file, `${file}.partial`].map((one) => ({ file: one, end })))
      .find(({ file }) => held.has(file));
    if (last) segments.push({ name, file: last.file });
    const limit = (last ? number + 1n : number) * size;
    const left = last?.end ?? limit;
    return { segments, until: left < limit ? left : limit };
  }
}
