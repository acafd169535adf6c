import { z } from 'zod';
import { defineAccident } from '../define-accident';
import { killContainers, startContainers } from '../killed-containers';

export const killAll = defineAccident({
  name: 'kill-all',
  family: 'failover',
  title: 'every container killed',
  does: 'SIGKILL to every container of the cluster at once, by the engine: members, etcd and Barman. What had been written stays in the page cache, so this is no power loss.',
  strikes: ['every-container'],
  options: z.object({}),
  proof: 'the engine has each of them as ended by SIGKILL (exit code 137), and no member and no etcd answers',
  undone: 'all are started again',
  neverTouches: 'volumes, the network',
  stopsWrites: true,
  async strike(context, { names, nodes, containers }) {
    const { struckAt, wrong } = await killContainers(context, containers);
    for (const node of nodes) {
      if ((await node.inRecovery()) !== undefined) wrong.push(`PostgreSQL of ${node.name} answers`);
    }
    const keys = await context.cluster.etcd.keys().then(Object.keys, () => undefined);
    if (keys) wrong.push('etcd answers');
    return {
      struckAt,
      proof: {
        took: wrong.length === 0,
        expected: `${names.length} containers ended by SIGKILL`,
        found: wrong.length === 0 ? 'exit code 137 of each, nothing answers' : wrong.join(', '),
      },
    };
  },
  async undo({ cluster, struck }) {
    return startContainers(cluster, struck);
  },
});
