import { z } from 'zod';
import { defineAccident } from '../define-accident';

/** The server first, so that it has no time to make new segments in an empty folder. */
const strike = `pkill -KILL -x postgres; find "$1" -mindepth 1 -delete; find "$1" -mindepth 1 | wc -l`;

export const walDirectory = defineAccident({
  name: 'wal-directory',
  family: 'corruption',
  title: 'pg_wal emptied, and the server killed',
  does: 'The server is killed and everything in pg_wal is removed. It cannot start again: "could not locate a valid checkpoint record".',
  strikes: ['leader', 'replica'],
  options: z.object({}),
  stopsWrites: true,
  proof: 'pg_wal holds no segment from before, and none of the server’s processes from before runs',
  undone: 'not: the member is copied anew from another one; pg_resetwal would lose what it held without saying what',
  neverTouches: 'the rest of the data directory, other members',
  async strike({ deal }, { nodes: [node] }) {
    const wal = `${node!.dataDir}/pg_wal`;
    const segments = `ls "$1" | grep -cE '^[0-9A-F]{24}$'`;
    const count = async () => (await node!.exec(['sh', '-c', segments, 'sh', wal], { check: false })).stdout.trim();
    const before = await count();
    const left = await deal(() => node!.exec(['sh', '-c', strike, 'sh', wal]));
    const after = await count();
    return {
      proof: {
        took: Number(before) > 0 && left?.stdout.trim() === '0' && after === '0',
        expected: `${before} segments of ${node!.name} gone`,
        found: `${after} are there`,
      },
    };
  },
});
