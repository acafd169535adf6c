import { archivedFileNames } from '../../backup/wal-archive';
import { walkWal, type WalkedSegment } from '../../backup/wal-walk';
import type { BarmanServer } from '../../cluster/barman-server';
import type { PatroniNode } from '../../cluster/patroni-node';
import type { Container } from '../../engine/container';
import { compareLsn, formatLsn, parseLsn } from '../../formats/lsn';
import { segmentsNeeded, type TimelineHistory } from '../../formats/timeline-history';
import { isSegmentName, parseWalName, segmentNumber } from '../../formats/wal-name';
import { commitOf, endsTransaction } from '../../formats/waldump';
import type { WalCommit } from '../../record/ledger';
import type { WaitContext } from '../../run/until';
import type { WalOnDisk } from '../plan/facts';

/** How many segments before a place are read for its last commit; those after a shutdown hold none. */
const LAST_SEGMENTS = 4;

/** WAL as it lies in files, in one container. */
export interface WalFiles {
  container: Container;
  /** Who may read them there. */
  user: string;
  /** Where each file lies, by its name: segments, and `.partial` ones. */
  paths: ReadonlyMap<string, string>;
}

/** What Barman holds: archived, or still where receive-wal or archive_command put it. */
export async function barmanWal(barman: BarmanServer): Promise<WalFiles> {
  return { container: barman.container, user: barman.user, paths: await archivedFileNames(barman) };
}

/** What lies in the pg_wal of a member, whether its server runs or not; nothing where that folder is gone. */
export async function memberWal(node: PatroniNode): Promise<WalFiles> {
  const folder = `${node.dataDir}/pg_wal`;
  const { stdout } = await node.exec(['sh', '-c', 'ls "$1" 2>/dev/null; true', 'sh', folder]);
  const names = stdout.split('\n').filter((name) => isSegmentName(name));
  return {
    container: node.container,
    user: node.osUser,
    paths: new Map(names.map((name) => [name, `${folder}/${name}`])),
  };
}

/** What reading some WAL to its end showed. */
export interface ReadWal {
  /** Where the last record that was read starts; absent where none could be read. */
  lastLsn?: string;
  lastCommit?: WalCommit;
}

/**
 * The last commit or abort on the way of a history before a place, looked for in the segments before it, from the last one
 * backwards. A segment that is not held is passed over; a `.partial` is read where there is no other.
 * @param segmentSize bytes
 */
export async function lastCommitBefore(
  context: WaitContext,
  files: WalFiles,
  history: TimelineHistory,
  lsn: string,
  segmentSize: number,
): Promise<WalCommit | undefined> {
  const before = parseLsn(lsn);
  const from = before - BigInt(LAST_SEGMENTS * segmentSize);
  const names = segmentsNeeded(history, formatLsn(from < 0n ? 0n : from), lsn, segmentSize);
  for (const name of names.reverse()) {
    const file = files.paths.get(name) ?? files.paths.get(`${name}.partial`);
    if (file === undefined) continue;
    const { lastCommit } = await readWal(context, files, [{ name, file }], lsn);
    if (lastCommit) return lastCommit;
  }
  return undefined;
}

/**
 * Reads segments to where WAL ends in them.
 * @param before records from there on are left out
 */
export async function readWal(
  context: WaitContext,
  { container, user }: WalFiles,
  segments: readonly WalkedSegment[],
  before?: string,
): Promise<ReadWal> {
  const seen: ReadWal = {};
  // Every kind of record says where WAL ends; of a place that is given only commits matter.
  const rmgrs = before === undefined ? allRmgrs : ['Transaction'];
  await walkWal(context, container, segments, { user, rmgrs }, (record) => {
    if (before !== undefined && compareLsn(record.lsn, before) >= 0) return;
    seen.lastLsn = record.lsn;
    if (endsTransaction(record)) seen.lastCommit = commitOf(record);
  });
  return seen;
}

/** Without `--rmgr`, pg_waldump prints them all. */
const allRmgrs: readonly string[] = [];

/**
 * What receive-wal was at on a timeline, beyond all that is archived of it; undefined where there is no such file, or no
 * record in it.
 * @param archived segments of the archive
 */
export async function receivedPartial(
  context: WaitContext,
  files: WalFiles,
  timeline: number,
  archived: readonly string[],
  segmentSize: number,
): Promise<{ segment: string; endLsn: string; lastCommit?: WalCommit } | undefined> {
  const own = (name: string) => parseWalName(name).timeline === timeline;
  const last = archived.filter(own).at(-1);
  const [name, file] =
    [...files.paths]
      .filter(([one, path]) => one.endsWith('.partial') && own(one) && path.includes('/streaming/'))
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .at(-1) ?? [];
  if (name === undefined || file === undefined) return undefined;
  const segment = name.replace('.partial', '');
  if (last !== undefined && segmentNumber(segment, segmentSize) <= segmentNumber(last, segmentSize)) return undefined;
  const { lastLsn, lastCommit } = await readWal(context, files, [{ name: segment, file }]);
  if (lastLsn === undefined) return undefined;
  return { segment, endLsn: lastLsn, ...(lastCommit ? { lastCommit } : {}) };
}

/** What a member's pg_wal has of a timeline beyond all that is archived of it; undefined where there is nothing. */
export async function walOnDisk(
  context: WaitContext,
  node: PatroniNode,
  timeline: number,
  archived: readonly string[],
  segmentSize: number,
): Promise<WalOnDisk | undefined> {
  const files = await memberWal(node);
  const own = (name: string) => parseWalName(name).timeline === timeline;
  const last = archived.filter(own).at(-1);
  const next = last === undefined ? 0n : segmentNumber(last, segmentSize) + 1n;
  const names = [...files.paths.keys()].filter(own).sort();
  const segments: string[] = [];
  // Without a gap from the first that the archive lacks: what lies behind one cannot be replayed.
  for (const name of names) {
    const number = segmentNumber(name, segmentSize);
    if (number < next) continue;
    if (last !== undefined && number !== next + BigInt(segments.length)) break;
    segments.push(name);
  }
  if (segments.length === 0) return undefined;
  const walked = segments.map((name) => ({ name, file: files.paths.get(name)! }));
  const { lastLsn, lastCommit } = await readWal(context, files, walked);
  if (lastLsn === undefined) return undefined;
  // Files behind the end are kept for reuse and hold older WAL under a later name.
  const end = segments.filter((name) => segmentNumber(name, segmentSize) <= parseLsn(lastLsn) / BigInt(segmentSize));
  return { segments: end, endLsn: lastLsn, ...(lastCommit ? { lastCommit } : {}) };
}
