import { until } from '../../run/until';
import type { Cure } from '../healing/heal';

/** Waits until Patroni has written anew what was lost in etcd: the leader, /initialize, dynamic configuration, every member. */
export function keysBack(): Cure {
  return {
    id: 'keys-back',
    title: 'wait until Patroni has written its keys anew',
    async does({ run, cluster }) {
      const wanted = ['leader', 'initialize', 'config', ...cluster.nodes.map(({ name }) => `members/${name}`)];
      let missing: string[] = wanted;
      await until(
        'leader elected',
        run,
        async () => {
          const keys = await cluster.etcd.keys();
          missing = wanted.filter((name) => (keys[name] ?? '') === '');
          return missing.length === 0;
        },
        { seen: () => `missing: ${missing.join(', ')}` },
      );
      return wanted.join(', ');
    },
  };
}
