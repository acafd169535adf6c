import type { Cluster } from '../cluster/cluster';
import type { PatroniNode } from '../cluster/patroni-node';
import { compareLsn } from '../formats/lsn';
import type { Run } from '../run/run';
import { until } from '../run/until';
import { askPatroni } from './ask-patroni';

/**
 * Changes Patroni's dynamic configuration (`PATCH /config`, Patroni's documentation "REST API"), restarts the members that
 * have to be, and waits until every member has the values and streams: for a drill's `before`.
 *
 * Of a setting that replay depends on, a replica must never have less than its leader: replicas are restarted first where
 * one is raised, the leader first where one is lowered.
 * @param parameters PostgreSQL's settings, each value as `pg_settings.setting` shows it
 */
export function dynamicConfig(
  parameters: Record<string, string | number>,
): (context: { run: Run; cluster: Cluster }) => Promise<string> {
  return async ({ run, cluster }) => {
    const leader = await cluster.leader();
    const wanted = Object.entries(parameters).map(([name, value]): Wanted => [name, String(value)]);
    const before = await settingsOf(leader, wanted);
    const lowered = wanted.some(([name, value]) => Number(value) < Number(before.get(name.toLowerCase())?.setting));
    await askPatroni(run, leader, 'PATCH', '/config', { postgresql: { parameters } });
    const others = cluster.others(leader.name);
    for (const node of lowered ? [leader, ...others] : [...others, leader]) await takeOver(run, node, leader, wanted);
    await cluster.awaitStreaming();
    return `${wanted.map(([name, value]) => `${name} = ${value}`).join(', ')} on every member`;
  };
}

type Wanted = [name: string, value: string];

/** Waits until a member has taken the change over, and restarts it where it waits for that. */
async function takeOver(run: Run, node: PatroniNode, leader: PatroniNode, wanted: readonly Wanted[]): Promise<void> {
  const pending = await until('member answers', run, async () => {
    const settings = await settingsOf(node, wanted);
    if (has(settings, wanted)) return { restart: false };
    return [...settings.values()].some((row) => row.pending) ? { restart: true } : undefined;
  });
  if (!pending.restart) return;
  if (node !== leader) {
    // What the leader has written of the change is in its pg_control first: Patroni takes the higher of that and the DCS.
    const lsn = await leader.value('SELECT pg_current_wal_lsn()');
    await until(
      'replay caught up',
      run,
      async () => compareLsn(await node.value("SELECT coalesce(pg_last_wal_replay_lsn(), '0/0')"), lsn) >= 0,
    );
  }
  await askPatroni(run, node, 'POST', '/restart', {});
  await until('member answers', run, async () => has(await settingsOf(node, wanted), wanted));
}

function has(settings: Settings, wanted: readonly Wanted[]): boolean {
  return wanted.every(([name, value]) => settings.get(name.toLowerCase())?.setting === value);
}

type Settings = Map<string, { setting: string; pending: boolean }>;

async function settingsOf(node: PatroniNode, wanted: readonly Wanted[]): Promise<Settings> {
  const rows = await node.query<{ name: string; setting: string; pending: boolean }>(
    'SELECT lower(name) AS name, setting, pending_restart AS pending FROM pg_settings WHERE lower(name) = ANY ($1)',
    [wanted.map(([name]) => name.toLowerCase())],
  );
  return new Map(rows.map(({ name, ...row }) => [name, row]));
}
