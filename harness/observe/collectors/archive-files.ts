import type { BarmanServer } from '../../cluster/barman-server';
import { isSegmentName, nextWalName } from '../../formats/wal-name';

/** Names of what Barman has on its disk, by the folder that tells how far it has come. */
export interface BarmanFiles {
  /** Archived for good. */
  wals: string[];
  /** Received by receive-wal: whole segments that wait to be archived, and the one being received, with `.partial`. */
  streaming: string[];
  /** Delivered by archive_command, waiting to be archived. */
  incoming: string[];
}

/** Looks at all three folders at once, so that a file that moves on meanwhile is seen in one of them at least. */
export async function barmanFiles(barman: BarmanServer): Promise<BarmanFiles> {
  const { stdout } = await barman.exec([
    'bash',
    '-c',
    // In the order in which a file moves on: what is on its way is seen twice rather than not at all.
    `cd "$1" && for folder in streaming incoming wals; do find "$folder" -type f -printf "$folder %f\\n" 2>/dev/null; done; true`,
    'bash',
    barman.home,
  ]);
  const files: BarmanFiles = { wals: [], streaming: [], incoming: [] };
  for (const line of stdout.split('\n')) {
    const [, folder = '', name = ''] = /^(wals|streaming|incoming) (.+)$/.exec(line) ?? [];
    if (isWalFile(name)) files[folder as keyof BarmanFiles].push(name);
  }
  for (const names of Object.values(files) as string[][]) names.sort();
  return files;
}

/**
 * Segments that are not whole, by what they are. Both bear the same kind of name (PostgreSQL documentation, pg_receivewal
 * and 26.3.5 "Timelines"); what tells them apart is where they lie: receive-wal writes into Barman's streaming folder and
 * never archives a `.partial`, PostgreSQL's own last piece of a timeline comes through archive_command.
 */
export function partialSegments(files: BarmanFiles): { receiving: string[]; endOfTimeline: string[] } {
  const partial = (names: readonly string[]) => names.filter((name) => name.endsWith('.partial'));
  return {
    receiving: partial(files.streaming),
    endOfTimeline: [...new Set([...partial(files.wals), ...partial(files.incoming)])].sort(),
  };
}

/**
 * The first segment that Barman holds nothing of, from one on: what is archived, what has arrived, and at the end the
 * segment that receive-wal is at.
 * @param from name of the first segment to look for
 * @param segmentSize bytes
 */
export function heldUntil(files: BarmanFiles, from: string, segmentSize: number): string {
  const whole = new Set([...files.wals, ...files.streaming, ...files.incoming].filter(isSegmentName));
  let next = from;
  while (whole.has(next)) next = nextWalName(next, segmentSize);
  return files.streaming.includes(`${next}.partial`) ? nextWalName(next, segmentSize) : next;
}

function isWalFile(name: string): boolean {
  return /^[0-9A-F]{8}([0-9A-F]{16}(\.partial|\.[0-9A-F]{8}\.backup)?|\.history)$/.test(name);
}
