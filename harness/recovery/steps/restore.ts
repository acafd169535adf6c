import { targetOption, targetSettings } from '../plan/isolated-node-steps';
import type { Site, Step } from '../site';
import { parseAutoConf, renderAutoConf, withoutRecovery } from './auto-conf';

/**
 * Barman writes the backup straight into the path that the node uses: one copy. The data directory that was there is
 * kept beside it, so that the recovery can be taken back until it is tidied away.
 */
export const restore: Step = { do: writeBackup, undo: putBack };

async function writeBackup(site: Site): Promise<string> {
  const { cluster, node, backup, request, plan } = site;
  const { barman } = cluster;
  const kept = plan.keptDirectory;
  // Where it is kept already, an earlier try was cut off: what lies in the data directory is that try's.
  await node.exec([
    'sh',
    '-c',
    `if [ -e ${kept} ]; then rm -rf ${node.dataDir}; elif [ -e ${node.dataDir} ]; then mv ${node.dataDir} ${kept}; fi`,
  ]);
  await barman.exec(['install', '-d', '-o', 'barman', '-g', 'barman', '-m', '0700', barmanPath(site)]);
  const options = ['--target-tli', String(request.targetTimeline), ...targetOption(request.target)];
  await barman.barman(['recover', ...options, barman.server, backup.id, node.dataDir], {
    deadline: 'backup recovered',
  });
  site.ownSettings = withoutRecovery(
    parseAutoConf((await node.exec(['cat', `${node.dataDir}/postgresql.auto.conf`])).stdout),
  );
  await writeAutoConf(site, {
    ...site.ownSettings,
    ...targetSettings(request.target, request.targetTimeline),
    restore_command: restoreCommand(barman.server),
  });
  await node.exec([
    'sh',
    '-c',
    `touch ${node.dataDir}/recovery.signal && chown -R postgres:postgres ${node.dataDir} && chmod 0700 ${node.dataDir}`,
  ]);
  const { stdout } = await node.exec(['du', '-sm', node.dataDir]);
  return `${stdout.split('\t')[0]} MB in place; the old directory is kept`;
}

/** The data directory as it was before. */
async function putBack({ node, plan }: Site): Promise<string> {
  const kept = plan.keptDirectory;
  await node.exec(['sh', '-c', `if [ -e ${kept} ]; then rm -rf ${node.dataDir} && mv ${kept} ${node.dataDir}; fi`]);
  return `${node.dataDir} is as it was`;
}

/** Replaces postgresql.auto.conf as a whole. */
export async function writeAutoConf({ node }: Pick<Site, 'node'>, settings: Record<string, string>): Promise<void> {
  const target = `${node.dataDir}/postgresql.auto.conf`;
  await node.container.putFiles([{ target, content: renderAutoConf(settings), mode: 0o600 }]);
  await node.exec(['chown', 'postgres:postgres', target]);
}

/**
 * What Barman copied beside the data comes first (it costs nothing), Barman itself after it: `barman recover` chooses
 * segments by the time of the archived file, not of the commits in it, and may stop one short.
 */
function restoreCommand(server: string): string {
  return `cp barman_wal/%f %p 2>/dev/null || barman-wal-restore -U barman barman ${server} %f %p`;
}

/** The node's data directory as Barman's container mounts it; its path of the node is a link to this. */
function barmanPath({ node, cluster }: Site): string {
  return `/nodes/${node.name}/${cluster.description.postgresMajor}/${node.name}`;
}
