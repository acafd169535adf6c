import type { BarmanServer } from '../cluster/barman-server';
import type { PatroniNode } from '../cluster/patroni-node';
import { historyNameOf, isSegmentName, parseWalName, walNameOf } from '../formats/wal-name';
import { printedHistories } from '../formats/printed-histories';
import { parseEndOfWal, type EndOfWal } from '../formats/waldump-end';
import { parseWaldump, type WalRecord } from '../formats/waldump';
import { until, type WaitContext } from '../run/until';

/** Where Barman 3 puts a file of the archive: segments in a folder named after their first 16 digits (barman/xlog.py, hash_dir). */
function archivedPath(barman: BarmanServer, name: string): string {
  return parseWalName(name).kind === 'history'
    ? `${barman.home}/wals/${name}`
    : `${barman.home}/wals/${name.slice(0, 16)}/${name}`;
}

/** Names of all segments and history files that Barman holds, sorted: parsed from the files, not guessed. */
export async function archivedFiles(barman: BarmanServer): Promise<{ segments: string[]; histories: number[] }> {
  const { stdout } = await barman.exec(['find', `${barman.home}/wals`, '-type', 'f', '-printf', '%f\\n']);
  const names = stdout.split('\n').filter(Boolean);
  const histories = names
    .filter((name) => /^[0-9A-F]{8}\.history$/.test(name))
    .map((name) => parseWalName(name).timeline);
  return { segments: names.filter(isSegmentName).sort(), histories: histories.sort((a, b) => a - b) };
}

/**
 * Where Barman has each segment, whole or partial, by its name: archived, or still where receive-wal or archive_command
 * put it. A `.partial` is what receive-wal is at, or PostgreSQL's own last piece of a timeline.
 */
export async function archivedFileNames(barman: BarmanServer): Promise<Map<string, string>> {
  const folders = ['streaming', 'incoming', 'wals'].map((folder) => `${barman.home}/${folder}`);
  // In the order in which a file moves on, so that one that is on its way is seen twice rather than not at all.
  const { stdout } = await barman.exec([
    'bash',
    '-c',
    'for folder; do find "$folder" -type f -printf "%f %p\\n" 2>/dev/null; done; true',
    'bash',
    ...folders,
  ]);
  const found = stdout.split('\n').map((line) => line.split(' ') as [string, string]);
  return new Map(found.filter(([name]) => /^[0-9A-F]{24}(\.partial)?$/.test(name)));
}

/** Text of a history file that Barman holds: archived, or still where archive_command or receive-wal put it. */
export async function archivedHistory(barman: BarmanServer, timeline: number): Promise<string> {
  const name = historyNameOf(timeline);
  const places = ['streaming', 'incoming', 'wals'].map((folder) => `${barman.home}/${folder}/${name}`);
  // In the order in which a file moves on; last, aloud, where it ends.
  const script = 'for f; do cat "$f" 2>/dev/null && exit; done; cat "$f"';
  return (await barman.exec(['sh', '-c', script, 'sh', ...places])).stdout;
}

/**
 * Every history file that Barman holds, with its text, by timeline. One that has arrived and that no archiver has moved
 * into the archive yet counts: `barman cron` comes by once a minute, and `barman get-wal` hands it out before
 * (barman/server.py, get_wal_possible_paths). Right after a failover it is there, and the cluster needs it most.
 */
export async function heldHistories(barman: BarmanServer): Promise<{ timeline: number; text: string }[]> {
  const script = `for f in "$1"/streaming/*.history "$1"/incoming/*.history "$1"/wals/*.history; do
  n=\${f##*/}; [ -e "$f" ] || f=$1/wals/$n; [ -e "$f" ] && echo "== $n" && cat "$f" && echo; done; true`;
  const { stdout } = await barman.exec(['sh', '-c', script, 'sh', barman.home]);
  return printedHistories(stdout).sort((a, b) => a.timeline - b.timeline);
}

/**
 * Waits until Barman holds a file. `barman archive-wal` moves what has arrived into the archive; it is asked for each
 * time because `barman cron` comes by only once a minute. Another archiver at work makes it fail: then we look again.
 * @param name segment or history file
 */
export async function awaitArchived(context: WaitContext, barman: BarmanServer, name: string): Promise<void> {
  const path = archivedPath(barman, name);
  const arrived = `${barman.home}/{streaming,incoming}/${name}`;
  let seen = 'not there';
  await until(
    'segment archived',
    context,
    async () => {
      const look = await barman.exec(
        ['bash', '-c', `test -e ${path} && echo archived; ls ${arrived} 2>/dev/null | head -1`],
        { check: false },
      );
      if (look.stdout.includes('archived')) return true;
      if (look.stdout.trim() === '') return false;
      const moved = await barman.barman(['archive-wal', barman.server], { check: false });
      seen = `arrived, "barman archive-wal" ended with ${moved.exitCode}: ${(moved.stderr || moved.stdout).trim().slice(-200)}`;
      return false;
    },
    { seen: () => `${name}: ${seen}` },
  );
}

/**
 * Commits something, switches to a new segment and waits until Barman holds the one that was finished. The commit
 * matters: a time target is only reached when a commit record later than it exists.
 * @returns the segment that was archived
 */
export async function switchAndArchive(
  context: WaitContext,
  barman: BarmanServer,
  leader: PatroniNode,
): Promise<string> {
  const segment = await leader.use(async (client) => {
    await client.query('SELECT pg_current_xact_id()');
    return (await client.query<{ name: string }>('SELECT pg_walfile_name(pg_switch_wal()) AS name')).rows[0]!.name;
  });
  await awaitArchived(context, barman, segment);
  return segment;
}

/** What pg_waldump said of a range of archived segments. */
export interface DumpedWal {
  records: WalRecord[];
  /** Segments whose records do not verify (CRC, links), with pg_waldump's own words. */
  damaged: { segment: string; error: string }[];
}

/**
 * Transaction records of archived segments in WAL order, read with pg_waldump, which checks every record's CRC and its
 * link to the one before on its way. The end of the last segment is no damage: WAL ends there.
 * @param segments consecutive segments of one timeline
 * @param segmentSize bytes
 */
export async function dumpTransactions(
  barman: BarmanServer,
  segments: readonly string[],
  segmentSize: number,
): Promise<DumpedWal> {
  const all: DumpedWal = { records: [], damaged: [] };
  for (const group of byFolder(segments)) {
    const folder = `${barman.home}/wals/${group[0]!.slice(0, 16)}`;
    const { stdout, stderr } = await barman.exec(
      [
        'env',
        'TZ=UTC',
        'LC_ALL=C',
        barman.program('pg_waldump'),
        '--rmgr=Transaction',
        '-p',
        folder,
        group[0]!,
        group.at(-1)!,
      ],
      { user: barman.user, check: false, deadline: 'archive checked' },
    );
    for (const record of parseWaldump(stdout)) all.records.push(record);
    const end = parseEndOfWal(stderr);
    if (end && !(end.kind === 'bad-record' && end.unwritten))
      all.damaged.push({ segment: suspect(end, group, segmentSize), error: stderr.trim() });
  }
  return all;
}

/** Runs of segments that lie in one folder of the archive: pg_waldump reads one folder at a time. */
function byFolder(segments: readonly string[]): string[][] {
  const groups: string[][] = [];
  for (const segment of segments) {
    const last = groups.at(-1);
    if (last && last[0]!.slice(0, 16) === segment.slice(0, 16)) last.push(segment);
    else groups.push([segment]);
  }
  return groups;
}

/** The segment in which reading ended: by the LSN in pg_waldump's message, else the first of the group. */
function suspect(end: EndOfWal, group: readonly string[], segmentSize: number): string {
  if (end.kind === 'missing-file') return end.file;
  const at = end.kind === 'bad-record' ? (end.atLsn ?? end.lastLsn) : undefined;
  const name = at === undefined ? undefined : walNameOf(parseWalName(group[0]!).timeline, at, segmentSize);
  return name !== undefined && group.includes(name) ? name : group[0]!;
}
