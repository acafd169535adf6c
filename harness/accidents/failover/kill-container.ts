import { z } from 'zod';
import { defineAccident } from '../define-accident';
import { killContainers, startContainers } from '../killed-containers';

export const killContainer = defineAccident({
  name: 'kill-container',
  family: 'failover',
  title: 'container killed',
  does: 'SIGKILL to all processes of a container at once, by the engine: a machine that goes down. What PostgreSQL had written stays in the page cache, so this is no power loss.',
  strikes: ['leader', 'replica', 'etcd'],
  options: z.object({}),
  proof:
    'the engine has it as ended by SIGKILL (exit code 137), and of a member neither Patroni nor PostgreSQL answers',
  undone: 'it is started again',
  neverTouches: 'volumes, other containers',
  stopsWrites: true,
  async strike(context, { names, nodes, containers }) {
    const { struckAt, wrong: left } = await killContainers(context, containers);
    const answering: string[] = [];
    for (const node of nodes) {
      if ((await node.restStatus('/health')) !== undefined) answering.push(`Patroni of ${node.name}`);
      if ((await node.inRecovery()) !== undefined) answering.push(`PostgreSQL of ${node.name}`);
    }
    const wrong = [...left, ...answering];
    return {
      struckAt,
      proof: {
        took: wrong.length === 0,
        expected: `${names.join(', ')} ended by SIGKILL`,
        found: wrong.length === 0 ? 'exit code 137, nothing answers' : `${wrong.join(', ')} still there`,
      },
    };
  },
  async undo({ cluster, struck }) {
    return startContainers(cluster, struck);
  },
});
