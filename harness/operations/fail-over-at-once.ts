import type { Cluster } from '../cluster/cluster';
import { patchStoredConfig } from './stored-config';

/**
 * Has Patroni fail over rather than start a crashed leader again (`primary_start_timeout: 0`, which was
 * `master_start_timeout` up to 3.0; Patroni's documentation, "Dynamic configuration settings"): for a drill's `before`.
 */
export function failOverAtOnce(): (context: { cluster: Cluster }) => Promise<string> {
  return async ({ cluster }) => {
    await patchStoredConfig(cluster, { master_start_timeout: 0, primary_start_timeout: 0 });
    return 'a leader that crashes is not started again, but failed over';
  };
}
