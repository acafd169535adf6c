import { z } from 'zod';
import { until } from '../../run/until';
import { defineAccident } from '../define-accident';

/** The processes of PostgreSQL on a member, by pid: the postmaster and all that it has forked. */
const pids = "grep -lsx postgres /proc/[0-9]*/comm | cut -d / -f 3 | sort -n | tr '\\n' ' '";

export const killPostmaster = defineAccident({
  name: 'kill-postmaster',
  family: 'failover',
  title: 'postmaster killed',
  does: 'SIGKILL to every process of PostgreSQL at once, as the kernel does when memory is out. Patroni goes on, and starts it again or has another member promoted.',
  strikes: ['leader', 'replica'],
  options: z.object({}),
  proof: 'none of the processes that ran before runs any more',
  undone: 'Patroni starts PostgreSQL again by itself',
  neverTouches: 'Patroni, the data directory',
  async strike({ run, deal }, { nodes: [node] }) {
    const before = await listPids();
    await deal(() => node!.exec(['pkill', '-KILL', '-x', 'postgres'], { check: false }));
    let left = before;
    await until('accident proven', run, async () => {
      const now = new Set(await listPids());
      left = before.filter((pid) => now.has(pid));
      return left.length === 0;
    });
    return {
      proof: {
        took: before.length > 0,
        expected: `${before.length} processes of PostgreSQL on ${node!.name} killed`,
        found: before.length > 0 ? 'none of them runs' : 'there were none',
      },
    };

    async function listPids(): Promise<string[]> {
      return (await node!.exec(['sh', '-c', pids], { check: false })).stdout.split(' ').filter((pid) => pid !== '');
    }
  },
});
