import type { Cluster } from '../cluster/cluster';
import type { Run } from '../run/run';
import { until } from '../run/until';
import { patchStoredConfig } from './stored-config';

/**
 * Turns Patroni's failsafe mode on, and waits until `/failsafe` names every member (Patroni's documentation, "DCS Failsafe
 * Mode"): for a drill's `before`.
 */
export function failsafeMode(): (context: { run: Run; cluster: Cluster }) => Promise<string> {
  return async ({ run, cluster }) => {
    const { etcd } = cluster;
    await patchStoredConfig(cluster, { failsafe_mode: true });
    const names = [...cluster.members.keys()];
    let seen: string | undefined;
    await until(
      'configuration taken up',
      run,
      async () => {
        seen = (await etcd.keys()).failsafe;
        const named = JSON.parse(seen ?? '{}') as Record<string, string>;
        return names.every((name) => name in named);
      },
      { seen: () => `/failsafe: ${seen ?? 'no such key'}` },
    );
    return `failsafe mode: /failsafe names ${names.join(', ')}`;
  };
}
