import type { Cluster } from '../../cluster/cluster';
import type { PatroniNode } from '../../cluster/patroni-node';
import type { MemberEvidence, SettingsBefore } from '../../record/evidence';
import { dynamicConfig } from './dynamic-config';
import { digestOf } from './run-digest';

/**
 * Settings that somebody has given the server by file or command line. Not those that Patroni works out for each member and
 * each role: whom it follows, who is synchronous, how far it recovers.
 */
const GIVEN = `
  SELECT name, setting FROM pg_settings
   WHERE source IN ('configuration file', 'command line') AND name !~ '^recovery_target'
     AND name NOT IN ('primary_conninfo', 'primary_slot_name', 'synchronous_standby_names', 'cluster_name', 'listen_addresses')
   ORDER BY name`;

/** What a member's server is set to, as digests by name, and how far its clock is ahead of this machine's. */
export async function readSettings(node: PatroniNode): Promise<MemberEvidence> {
  const asked = Date.now();
  const theirs = Number(await node.value('SELECT extract(epoch FROM clock_timestamp()) * 1000'));
  const ours = (asked + Date.now()) / 2;
  return { settings: await settingsOf(node), clockAheadMs: Math.round(theirs - ours) };
}

/**
 * Patroni's dynamic configuration, the settings of the leader, and of one replica that answers: those that only a standby has come with
 * the role.
 */
export async function settingsBefore(cluster: Cluster, leader: PatroniNode): Promise<SettingsBefore> {
  const [own, keys] = await Promise.all([settingsOf(leader), cluster.etcd.keys()]);
  const before: SettingsBefore = { leader: own, dynamic: dynamicConfig(keys) };
  for (const node of cluster.others(leader.name)) {
    const replica = await settingsOf(node).catch(() => undefined);
    if (replica) return { ...before, replica };
  }
  return before;
}

async function settingsOf(node: PatroniNode): Promise<Record<string, string>> {
  const rows = await node.query<{ name: string; setting: string }>(GIVEN);
  return Object.fromEntries(rows.map(({ name, setting }) => [name, digestOf(setting)]));
}
