import type { PatroniNode } from '../../cluster/patroni-node';
import { highestSettings, parseStandbySettings, type StandbySettings } from '../../formats/standby-settings';
import type { Site } from '../site';

/**
 * Settings for the server that replays, as high as the WAL may ask for. With those of the restored configuration alone it
 * ends where the WAL tells that one was raised after the backup ("recovery aborted because of insufficient parameter
 * settings"), or pauses there for ever once it is readable.
 *
 * pg_control of each member, and of the directory that was put aside, has what the last server wrote or replayed; that of
 * the restored one what it has come to, in an earlier try too. Patroni does the same with the one that it starts
 * (patroni/postgresql/config.py, effective_configuration).
 * @returns `max_connections=130`, one text a setting
 */
export async function enoughSettings({
  cluster,
  node,
  plan,
}: Pick<Site, 'cluster' | 'node' | 'plan'>): Promise<string[]> {
  const controls = await Promise.all([
    ...cluster.nodes.map((member) => controlOf(member, member.dataDir)),
    controlOf(node, plan.keptDirectory),
  ]);
  return Object.entries(highestSettings(controls)).map(([name, value]) => `${name}=${value}`);
}

/** Nothing of a member that cannot be asked: another one has the same values. */
async function controlOf(node: PatroniNode, dataDir: string): Promise<StandbySettings> {
  const command = ['env', 'LC_ALL=C', `${node.binDir}/pg_controldata`, '-D', dataDir];
  const { stdout } = await node.exec(command, { check: false }).catch(() => ({ stdout: '' }));
  return parseStandbySettings(stdout);
}
