import { z } from 'zod';
import { clockOffset, setClockRight, shiftClock } from '../../operations/clock';
import { restartMember } from '../../operations/restart-member';
import { until } from '../../run/until';
import { defineAccident } from '../define-accident';

/** s that looking at two clocks may take on a busy machine. */
const TOLERANCE = 5;

export const clockSkew = defineAccident({
  name: 'clock-skew',
  family: 'failover',
  title: 'clock set wrong',
  does: 'The clock of PostgreSQL on a member, and of nothing else there, is moved (libfaketime), and PostgreSQL is restarted by its Patroni: commits get wrong times.',
  strikes: ['leader', 'replica'],
  options: z.object({
    seconds: z.number().int().default(3600).describe('how far ahead; behind where negative'),
  }),
  proof: "PostgreSQL's clock_timestamp() differs by so much from `date` in the same container",
  undone: 'the clock is right again, after another restart of PostgreSQL',
  neverTouches: 'the clock of Patroni, of the container, of other members; the data directory',
  async strike({ run, deal }, { nodes: [node] }, { seconds }) {
    await deal(async () => {
      await shiftClock(node!, seconds);
      await restartMember(run, node!);
    });
    const offset = await clockOffset(node!);
    return {
      proof: {
        took: Math.abs(offset - seconds) < TOLERANCE,
        expected: `clock of ${node!.name} ${seconds} s ahead`,
        found: `${Math.round(offset)} s`,
      },
    };
  },
  async undo({ run, cluster, struck }) {
    for (const name of struck) {
      const node = cluster.member(name);
      await setClockRight(node);
      // One that does not answer comes back with the right time by itself.
      const offset = await clockOffset(node).catch(() => 0);
      if (Math.abs(offset) < TOLERANCE) continue;
      await restartMember(run, node);
      await until('member answers', run, async () => Math.abs(await clockOffset(node)) < TOLERANCE);
    }
    return `the clock of ${struck.join(', ')} is right`;
  },
});
