import type { BarmanServer } from '../cluster/barman-server';
import { parseLsn } from '../formats/lsn';
import { parseTimelineHistory } from '../formats/timeline-history';
import { parseWalName, segmentAt, segmentNumber } from '../formats/wal-name';
import { heldHistories } from './wal-archive';

/** The last piece of a timeline that Barman was handed twice, and put into its folder of errors the second time. */
export interface SecondPiece {
  /** Its name there: `000000030000000000000033.partial.20261121T185900Z.duplicate`. */
  file: string;
  /** The WAL name that both bear. */
  name: string;
  /** Bytes from the segment's begin that are the timeline's: where it was left. Behind it lies what the file held before. */
  bytes: number;
}

/**
 * Which files of Barman's folder of errors are second pieces of a timeline's end. PostgreSQL archives its last segment as
 * `.partial` when it is promoted; receive-wal has one of the same name, which Barman archives once there is a newer one
 * (barman/wal_archiver.py, StreamingWalArchiver.get_next_batch). Behind the end they differ where the segment was recycled,
 * and Barman, which compares whole files, calls the second one a duplicate in error.
 * @param errors names of the files there
 * @param histories of every timeline that is known
 * @param segmentSize bytes
 */
export function secondPieces(
  errors: readonly string[],
  histories: readonly { timeline: number; text: string }[],
  segmentSize: number,
): SecondPiece[] {
  const left = histories.flatMap(({ timeline, text }) => parseTimelineHistory(timeline, text).ancestors);
  return errors.flatMap((file) => {
    const [, name] = /^([0-9A-F]{24}\.partial)\.[^.]+\.duplicate$/.exec(file) ?? [];
    if (name === undefined) return [];
    const { timeline } = parseWalName(name, segmentSize);
    const ends = left
      .filter((row) => row.timeline === timeline)
      .map((row) => parseLsn(row.endLsn))
      .filter((end) => segmentAt(end, segmentSize) === segmentNumber(name, segmentSize));
    if (ends.length === 0) return [];
    const end = ends.reduce((a, b) => (a > b ? a : b));
    return [{ file, name, bytes: Number(end % BigInt(segmentSize)) }];
  });
}

/**
 * Takes second pieces out of Barman's folder of errors where the archived one has the same bytes up to the timeline's end.
 * Until somebody does, `barman check` fails. What differs, or is compressed, stays where it is.
 * @param segmentSize bytes
 * @returns words, one for each that was taken out
 */
export async function clearSecondPieces(barman: BarmanServer, segmentSize: number): Promise<string[]> {
  const folder = `${barman.home}/errors`;
  const { stdout } = await barman.exec(['find', folder, '-type', 'f', '-name', '*.duplicate', '-printf', '%f\\n'], {
    check: false,
  });
  const errors = stdout.split('\n').filter(Boolean);
  if (errors.length === 0) return [];
  const said: string[] = [];
  for (const { file, name, bytes } of secondPieces(errors, await heldHistories(barman), segmentSize)) {
    const archived = `${barman.home}/wals/${name.slice(0, 16)}/${name}`;
    const script = 'cmp -s -n "$3" "$1" "$2" && rm "$1"';
    const same = await barman.exec(['sh', '-c', script, 'sh', `${folder}/${file}`, archived, String(bytes)], {
      check: false,
      user: barman.user,
    });
    if (same.exitCode === 0)
      said.push(`${name} came twice; the same ${bytes} bytes up to the end of its timeline, the second is deleted`);
  }
  return said;
}
