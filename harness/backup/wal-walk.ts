import { createInterface } from 'node:readline';
import type { Container } from '../engine/container';
import { parseWalRecord, type WalRecord } from '../formats/waldump';
import { parseEndOfWal, type EndOfWal } from '../formats/waldump-end';
import { limited, type WaitContext } from '../run/until';

/** One segment to read: the name that pg_waldump asks for, and where its bytes lie. */
export interface WalkedSegment {
  name: string;
  file: string;
}

export interface WalkOptions {
  /** User in the container who may read the files. */
  user: string;
  /** Resource managers whose records are given; pg_waldump reads, and checks, all. Default: Transaction. */
  rmgrs?: readonly string[];
}

/** pg_waldump reads one folder and one timeline's names: the segments are laid side by side under links. */
const WALK = `set -e
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT
first=
while read -r name file; do ln -s "$file" "$dir/$name"; first=\${first:-$name}; last=$name; done
TZ=UTC LC_ALL=C pg_waldump "$@" -p "$dir" "$first" "$last"`;

/**
 * Reads consecutive segments from first to last as one stream, across folders of the archive and across timelines, and
 * gives each record as it comes: nothing is kept, so that any number of segments takes the same memory, and a record that
 * lies on the border of two segments is not missed. pg_waldump checks each record's CRC and its link to the one before.
 * @param segments in order, without a gap, named as of one timeline: a page may be of an older one, as it is where a
 * timeline begins in the middle of a segment (PostgreSQL copies the parent's part of it)
 * @returns how reading ended; null when it came to the end of the last segment
 * @throws FormatError for a transaction's line that cannot be read; PGDRILL_DEADLINE, PGDRILL_INTERRUPTED
 */
export async function walkWal(
  context: WaitContext,
  container: Container,
  segments: readonly WalkedSegment[],
  options: WalkOptions,
  each: (record: WalRecord) => void,
): Promise<EndOfWal | null> {
  if (segments.length === 0) return null;
  const rmgrs = (options.rmgrs ?? ['Transaction']).map((name) => `--rmgr=${name}`);
  return limited('evidence gathered', context, async (signal) => {
    const { stdout, finished } = await container.execStream(['bash', '-c', WALK, 'walk-wal', ...rmgrs], {
      user: options.user,
      input: segments.map(({ name, file }) => `${name} ${file}\n`).join(''),
      signal,
    });
    try {
      for await (const line of createInterface({ input: stdout, crlfDelay: Infinity })) {
        const record = parseWalRecord(line);
        if (record) each(record);
      }
    } finally {
      stdout.destroy();
    }
    const { exitCode, stderr } = await finished;
    const end = parseEndOfWal(stderr);
    if (end === null && exitCode !== 0) return { kind: 'unreadable', reason: stderr.trim() };
    return end;
  });
}

/** Whether reading ended where WAL does: at the end of the last segment, or where nothing was written yet. */
export function endedWell(end: EndOfWal | null): boolean {
  return end === null || (end.kind === 'bad-record' && end.unwritten);
}
