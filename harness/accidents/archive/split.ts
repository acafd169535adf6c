import type { PatroniNode } from '../../cluster/patroni-node';
import { switchover } from '../../operations/switchover';
import { until } from '../../run/until';
import type { StrikeContext } from '../accident';
import type { Striking } from '../kind';
import { cameByCommand, countsAsArchived, finishSegment, replaceArchiveCommand } from './archive-command';
import { ownFolder, ownFolderCommand } from './own-folder';

/** The name under which the members' folders are noted, those of all but the leader. */
export const OWN_FOLDERS = 'folders';

/** Why members cannot archive to places of their own here. */
export async function lacksOwnFolder({ cluster }: StrikeContext): Promise<string | undefined> {
  if (cluster.nodes.length < 2) return 'the cluster has one member only';
  const leader = await cluster.leader();
  const command = await leader.value('SHOW archive_command');
  const { home } = cluster.barman;
  return ownFolderCommand(command, home, leader.name) === undefined
    ? `archive_command does not name ${home}: ${command}`
    : undefined;
}

export async function noteOwnFolders({ cluster }: StrikeContext): Promise<Record<string, string>> {
  const leader = await cluster.leader();
  const folders = cluster.others(leader.name).map(({ name }) => ownFolder(cluster.barman.home, name));
  return { [OWN_FOLDERS]: folders.join(' ') };
}

/** Gives each member but the leader a place of its own to archive to, and switches over. @returns the new leader */
export async function leadElsewhere({ run, cluster, deal }: Striking): Promise<PatroniNode> {
  const leader = await cluster.awaitStreaming();
  const command = ownFolderCommand(await leader.value('SHOW archive_command'), cluster.barman.home, leader.name)!;
  await deal(() => replaceArchiveCommand(run, cluster, command));
  await deal(() => switchover(run, cluster));
  return cluster.awaitStreaming();
}

/** Finishes a segment and waits until it is archived. @returns its name; undefined where it came to Barman */
export async function inItsOwnFolder(
  { run, cluster }: StrikeContext,
  leader: PatroniNode,
): Promise<string | undefined> {
  const segment = await finishSegment(leader);
  await until('accident proven', run, () => countsAsArchived(leader, segment));
  const file = `${ownFolder(cluster.barman.home, leader.name)}/incoming/${segment}`;
  const { exitCode } = await cluster.barman.exec(['test', '-e', file], { check: false });
  return exitCode === 0 && !(await cameByCommand(cluster.barman, segment)) ? segment : undefined;
}
