import type { Cluster } from '../cluster/cluster';
import type { Run } from '../run/run';
import { dynamicConfig } from './dynamic-config';
import { patchStoredConfig } from './stored-config';

/** Patroni takes no less, and puts its own default in the place of what it does not take (patroni/postgresql/config.py). */
const LEAST_MB = 16;

/**
 * Has the leader keep no WAL but one segment beyond what the next checkpoint and its slots need, and Patroni keep no slot of a member that is
 * away (from 4.0 on it does so for half an hour, member_slots_ttl): for a drill's `before`.
 */
export function keepNoWal(): (context: { run: Run; cluster: Cluster }) => Promise<string> {
  return async (context) => {
    await patchStoredConfig(context.cluster, { member_slots_ttl: 0 });
    return dynamicConfig({ wal_keep_size: LEAST_MB })(context);
  };
}
