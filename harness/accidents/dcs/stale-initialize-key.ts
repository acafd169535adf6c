import { z } from 'zod';
import { runCommand } from '../../cluster/command';
import { nowText } from '../../run/recorder';
import { defineAccident } from '../define-accident';

export const staleInitializeKey = defineAccident({
  name: 'stale-initialize-key',
  family: 'dcs',
  title: '/initialize of another system',
  does: 'Patroni\'s key /initialize is set to the system identifier of another cluster, as after a restore into a scope that was used before. Every Patroni ends with "system ID mismatch" and stops its PostgreSQL.',
  strikes: ['every-etcd'],
  options: z.object({
    system: z
      .string()
      .regex(/^\d{10,20}$/)
      .default('7000000000000000001')
      .describe('the system identifier that it is set to'),
  }),
  proof: 'etcdctl reads it from a member of etcd',
  undone: 'the key is put back as it was, where it still is the false one',
  neverTouches: 'every other key, the data directories',
  stopsWrites: true,
  async prepare({ cluster }) {
    const { initialize = '' } = await cluster.etcd.keys();
    return { initialize };
  },
  async strike({ run, cluster, deal }, { names, containers: [etcd] }, { system }, { initialize }) {
    const struckAt = nowText();
    await deal(() => cluster.etcd.put('initialize', system));
    const key = `${cluster.etcd.prefix}initialize`;
    const { stdout } = await runCommand(run, etcd!, ['etcdctl', 'get', '--print-value-only', key]);
    return {
      struckAt,
      proof: {
        took: stdout.trim() === system && system !== initialize,
        expected: `${key} is ${system}, was ${initialize}`,
        found: `${names[0]} says ${stdout.trim()}`,
      },
    };
  },
  async undo({ cluster: { etcd }, options: { system }, notes: { initialize } }) {
    const now = (await etcd.keys()).initialize;
    if (initialize === undefined || (now !== undefined && now !== system))
      return `/initialize is ${now}, left as it is`;
    await etcd.put('initialize', initialize);
    return `/initialize is ${initialize} again`;
  },
});
