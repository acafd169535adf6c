import type { PatroniNode } from '../cluster/patroni-node';
import { isSegmentName, parseWalName } from '../formats/wal-name';
import { parseWaldump } from '../formats/waldump';
import {
  statisticsFiles,
  writersProgram,
  writtenTransactions,
  type WrittenTransactions,
} from './plan/written-transactions';

/**
 * Transactions that a recovered leader has committed on the timelines of its branch, from its own pg_wal; PostgreSQL need not
 * run. Recycled segments are not there any more: then it counts too few, but never none where there were some, for the
 * newest are there.
 * @param timelines of its branch
 * @param branchLsn where it left the target's timeline
 */
export async function countWrites(
  node: PatroniNode,
  timelines: readonly number[],
  branchLsn: string,
): Promise<WrittenTransactions> {
  const folder = `${node.dataDir}/pg_wal`;
  const { stdout } = await node.exec(['ls', folder], { check: false });
  const segments = stdout.split('\n').filter(isSegmentName).sort();
  const records = [];
  const writers = new Set<string>();
  for (const timeline of timelines) {
    const own = segments.filter((name) => parseWalName(name).timeline === timeline);
    // Segments that were only made ahead hold no record: reading ends at the first such, and that is no fault.
    if (own.length === 0) continue;
    const range = ['-p', folder, own[0]!, own.at(-1)!];
    const dump = ['env', 'TZ=UTC', 'LC_ALL=C', `${node.binDir}/pg_waldump`];
    const ended = await node.exec([...dump, '--rmgr=Transaction', ...range], {
      user: node.osUser,
      check: false,
      deadline: 'archive read',
    });
    records.push(...parseWaldump(ended.stdout));
    if (!ended.stdout.includes('desc: COMMIT')) continue;
    const setStatistics = `BEGIN { ${statisticsFiles.map((file) => `statistics[${file}]`).join('; ')} }`;
    const wrote = await node.exec(
      ['bash', '-c', '"${@:2}" 2>/dev/null | awk "$1"', 'bash', setStatistics + writersProgram, ...dump, ...range],
      { user: node.osUser, check: false, deadline: 'archive read' },
    );
    for (const xid of wrote.stdout.split('\n').filter(Boolean)) writers.add(xid);
  }
  return writtenTransactions(records, writers, branchLsn);
}
