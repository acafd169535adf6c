import { archivedFileNames } from '../../backup/wal-archive';
import { walkWal } from '../../backup/wal-walk';
import type { BarmanServer } from '../../cluster/barman-server';
import { parseWalName, segmentAt, segmentNumber, walNameFromNumber } from '../../formats/wal-name';
import { parseLsn } from '../../formats/lsn';
import type { EndOfWal } from '../../formats/waldump-end';
import type { WaitContext } from '../../run/until';

export interface WalkedArchive {
  missing: string[];
  damaged: { segment: string; error: string }[];
}

/**
 * Reads every segment that a history needs, in order, as one stream across its timelines: pg_waldump checks each record's
 * CRC and its link to the one before, also from one segment to the next. All of them are whole, so that "nothing written
 * here" in one of them is a damage too. Behind a hole or a damage reading begins again at the next segment, so that the
 * first one does not hide the others.
 * @param needed names, one for each segment number, in order
 * @param segmentSize bytes
 */
export async function walkArchive(
  context: WaitContext,
  barman: BarmanServer,
  needed: readonly string[],
  segmentSize: number,
): Promise<WalkedArchive> {
  const archived = `${barman.home}/wals/`;
  const files = new Map([...(await archivedFileNames(barman))].filter(([, file]) => file.startsWith(archived)));
  const result: WalkedArchive = { missing: needed.filter((name) => !files.has(name)), damaged: [] };
  const newest = Math.max(...needed.map((name) => parseWalName(name).timeline));
  for (const run of runsOf(needed, (name) => files.has(name))) {
    for (let rest = run; rest.length > 0;) {
      const segments = rest.map((name) => ({
        name: walNameFromNumber(newest, segmentNumber(name, segmentSize), segmentSize),
        file: files.get(name) ?? '',
      }));
      const end = await walkWal(context, barman.container, segments, { user: barman.user }, () => undefined);
      if (end === null) break;
      const struck = placeOf(end, rest, segmentSize);
      result.damaged.push({ segment: rest[struck] ?? '', error: inWords(end) });
      rest = rest.slice(struck + 1);
    }
  }
  return result;
}

/** Stretches of names that are all there, without a hole. */
export function runsOf(names: readonly string[], there: (name: string) => boolean): string[][] {
  const runs: string[][] = [[]];
  for (const name of names) {
    if (there(name)) runs.at(-1)?.push(name);
    else runs.push([]);
  }
  return runs.filter((run) => run.length > 0);
}

/** Which of the segments reading ended in: by the LSN that pg_waldump names, else the first. */
export function placeOf(end: EndOfWal, segments: readonly string[], segmentSize: number): number {
  const at =
    end.kind === 'bad-record' ? (end.atLsn ?? end.lastLsn) : end.kind === 'no-record' ? end.afterLsn : undefined;
  if (at === undefined) return 0;
  const number = segmentAt(parseLsn(at), segmentSize);
  return Math.max(
    segments.findIndex((name) => segmentNumber(name, segmentSize) === number),
    0,
  );
}

function inWords(end: EndOfWal): string {
  switch (end.kind) {
    case 'bad-record':
      return `behind the record at ${end.lastLsn}: ${end.reason}`;
    case 'no-record':
      return `no valid record after ${end.afterLsn}`;
    case 'missing-file':
      return `could not find ${end.file}`;
    case 'unreadable':
      return end.reason;
  }
}
