import { z } from 'zod';
import type { Container } from '../../engine/container';
import { startEtcdMembers } from '../../operations/etcd-members';
import { nowText } from '../../run/recorder';
import { limited, until } from '../../run/until';
import { defineAccident } from '../define-accident';

export const quorumLost = defineAccident({
  name: 'quorum-lost',
  family: 'dcs',
  title: "etcd's quorum lost",
  does: "So many of etcd's containers are killed, or stopped in order, that the rest can neither read nor write for Patroni. The leader demotes itself after retry_timeout; in failsafe mode it goes on as long as it reaches every member.",
  strikes: ['etcd-majority', 'every-etcd'],
  options: z.object({
    how: z.enum(['killed', 'stopped']).default('killed').describe('by SIGKILL, or in order'),
  }),
  proof: 'their containers do not run, and every etcd member that is left says that it is not healthy',
  undone: 'the containers are started, and awaited until etcd is healthy',
  neverTouches: "etcd's data, Patroni, PostgreSQL",
  stopsWrites: true,
  async strike({ run, cluster, deal }, { names, containers }, { how }) {
    const struckAt = nowText();
    await deal(() =>
      limited('container gone', run, () =>
        Promise.all(containers.map((container) => (how === 'killed' ? container.kill() : container.stop()))),
      ),
    );
    const left = [...cluster.etcd.members].filter(([name]) => !names.includes(name));
    let seen: string[] = [];
    await until(
      'accident proven',
      run,
      async (signal) => {
        const running = await Promise.all(containers.map((container) => container.isRunning()));
        seen = await Promise.all(left.map(async ([name, container]) => `${name} ${await health(container, signal)}`));
        return running.every((runs) => !runs) && seen.every((said) => said.endsWith(unhealthy));
      },
      { seen: () => seen.join(', ') },
    );
    return {
      struckAt,
      proof: {
        took: true,
        expected: `${names.join(', ')} gone, no quorum left`,
        found: seen.length === 0 ? 'no etcd member runs' : `they do not run; ${seen.join(', ')}`,
      },
    };
  },
  async undo({ run, cluster, struck }) {
    await startEtcdMembers(run, cluster, struck);
    return `${struck.join(', ')} started, etcd is healthy`;
  },
});

const unhealthy = 'is not healthy';

/** What a member says of itself (`/health`, which takes a quorum). */
async function health(container: Container, signal: AbortSignal): Promise<string> {
  const port = await container.hostPort(2379);
  const answer = await fetch(`http://127.0.0.1:${port}/health`, { signal });
  return /"health":\s*"?true/.test(await answer.text()) ? 'is healthy' : unhealthy;
}
