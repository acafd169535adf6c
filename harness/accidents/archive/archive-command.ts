import { patchStoredConfig } from '../../operations/stored-config';
import { barmanLogFile } from '../../cluster/barman-config';
import type { BarmanServer } from '../../cluster/barman-server';
import type { Cluster } from '../../cluster/cluster';
import type { PatroniNode } from '../../cluster/patroni-node';
import type { Run } from '../../run/run';
import { until } from '../../run/until';

/** The name under which an accident notes the archive_command that it replaces. */
export const OLD_COMMAND = 'archive_command';

/** What the undo of a replaced archive_command needs. */
export async function noteArchiveCommand(cluster: Cluster): Promise<Record<string, string>> {
  return { [OLD_COMMAND]: await (await cluster.leader()).value('SHOW archive_command') };
}

/** Replaces the archive_command of all members, through Patroni's dynamic configuration; waits until each has it. */
export async function replaceArchiveCommand(run: Run, cluster: Cluster, command: string): Promise<void> {
  await patchStoredConfig(cluster, { postgresql: { parameters: { archive_command: command } } });
  for (const node of cluster.nodes) {
    await until('member answers', run, async () => (await node.value('SHOW archive_command')) === command);
  }
}

/**
 * Puts the old archive_command back, also while nobody leads: members take it over when they come.
 * @returns what was done, in words
 */
export async function putArchiveCommandBack(
  run: Run,
  cluster: Cluster,
  notes: Readonly<Record<string, string>>,
): Promise<string> {
  const command = notes[OLD_COMMAND];
  if (command === undefined) return 'archive_command had not been replaced';
  await patchStoredConfig(cluster, { postgresql: { parameters: { archive_command: command } } });
  const leader = await cluster.findLeader();
  if (!leader) return `archive_command is \`${command}\` again, once somebody leads`;
  await until('member answers', run, async () => (await leader.value('SHOW archive_command')) === command);
  return `archive_command is \`${command}\` again`;
}

/** Finishes the segment that is being written. @returns its name */
export async function finishSegment(leader: PatroniNode): Promise<string> {
  return leader.use(async (client) => {
    await client.query('SELECT pg_current_xact_id()');
    return (await client.query<{ name: string }>('SELECT pg_walfile_name(pg_switch_wal()) AS name')).rows[0]!.name;
  });
}

/** Whether the leader counts a segment as archived: its status file says so, or is gone with the segment. */
export async function countsAsArchived(leader: PatroniNode, segment: string): Promise<boolean> {
  const sql = `SELECT count(*) FROM pg_ls_archive_statusdir() WHERE name = '${segment}.ready'`;
  const [{ last = '' } = {}] = await leader.query<{ last?: string }>(
    'SELECT last_archived_wal AS last FROM pg_stat_archiver',
  );
  return (await leader.value(sql)) === '0' && last.slice(8, 24) >= segment.slice(8);
}

/**
 * Whether a segment came to Barman by archive_command, whatever receive-wal has brought: it waits in `incoming`, or Barman's
 * log says that it was taken from there.
 */
export async function cameByCommand(barman: BarmanServer, segment: string): Promise<boolean> {
  // In this order: the line is written before the file leaves.
  const script = `test -e "$1/incoming/$2" || grep -qsF "from file archival: $3/$2" ${barmanLogFile}`;
  const arguments_ = ['sh', barman.home, segment, barman.server];
  return (await barman.exec(['sh', '-c', script, ...arguments_], { check: false })).exitCode === 0;
}
