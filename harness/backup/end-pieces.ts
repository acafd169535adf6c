import type { BarmanServer } from '../cluster/barman-server';
import { parseLsn } from '../formats/lsn';
import { parseTimelineHistory } from '../formats/timeline-history';
import { parseWalName, segmentAt, segmentNumber } from '../formats/wal-name';
import { heldHistories } from './wal-archive';

/** What Barman was handed twice, and put into its folder of errors the second time, though the archive has all of it. */
export interface SecondPiece {
  /** Its name there: `000000030000000000000033.partial.20261121T185900Z.duplicate`. */
  file: string;
  /** The WAL name that both bear. */
  name: string;
  /**
   * Bytes from its begin that have to be the archived one's. Of a segment those of the timeline: behind the place where it was
   * left lies what the file held before. All that it has: a second one that was cut short.
   */
  bytes: number | 'all';
}

/**
 * Which files of Barman's folder of errors are second pieces. Barman compares whole files, and calls each of these a duplicate
 * in error:
 *
 * - the end of a timeline. PostgreSQL archives its last segment as `.partial` when it is promoted; receive-wal has one of the
 *   same name, which Barman archives once there is a newer one (barman/wal_archiver.py, StreamingWalArchiver.get_next_batch).
 *   A member that followed, and leads later, archives what it has of that segment under its whole name, for it finds no mark
 *   that somebody has (xlogarchive.c, XLogArchiveCheckDone), and so may the next one. Behind the end they differ where the
 *   segment was recycled, or written on by a leader that nobody followed any more;
 * - a backup history file after a loss of power: PostgreSQL 15 does not sync it (do_pg_backup_stop in xlog.c), and archives what
 *   is left of it once more where its mark of being archived was not on the disk either.
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
  return errors.flatMap((file): SecondPiece[] => {
    const [, name] = /^([0-9A-F]{24}(?:\.partial|\.[0-9A-F]{8}\.backup)?)\.[^.]+\.duplicate$/.exec(file) ?? [];
    if (name === undefined) return [];
    if (name.endsWith('.backup')) return [{ file, name, bytes: 'all' }];
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
 * Takes second pieces out of Barman's folder of errors where the archived one has the same bytes.
 * Until somebody does, `barman check` fails. What differs, or is compressed, stays where it is.
 * @param segmentSize bytes
 * @returns words, one for each that was taken out
 */
export async function clearSecondPieces(barman: BarmanServer, segmentSize: number): Promise<string[]> {
  const errors = await filesInError(barman);
  if (errors.length === 0) return [];
  const said: string[] = [];
  for (const { file, name, bytes } of secondPieces(errors, await heldHistories(barman), segmentSize)) {
    const archived = `${barman.home}/wals/${name.slice(0, 16)}/${name}`;
    const script =
      'have=$(stat -c %s "$1"); [ "$3" = all ] || have=$3; [ "$have" -le "$(stat -c %s "$2")" ] && cmp -s -n "$have" "$1" "$2" && rm "$1" && echo "$have"';
    const { exitCode, stdout } = await barman.exec(
      ['sh', '-c', script, 'sh', `${folderOf(barman)}/${file}`, archived, String(bytes)],
      { check: false, user: barman.user },
    );
    if (exitCode === 0)
      said.push(`${name} came twice; the second, the same in all ${stdout.trim()} bytes that count, is deleted`);
  }
  return said;
}

/** Names of what Barman could not archive, in its folder of errors: why `barman check` fails with "archiver errors". */
export async function filesInError(barman: BarmanServer): Promise<string[]> {
  const { stdout } = await barman.exec(['find', folderOf(barman), '-type', 'f', '-printf', '%f\\n'], { check: false });
  return stdout.split('\n').filter(Boolean).sort();
}

function folderOf(barman: BarmanServer): string {
  return `${barman.home}/errors`;
}
