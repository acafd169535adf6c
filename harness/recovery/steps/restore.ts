import { restoreInto } from '../../backup/restore-into';
import { targetOption } from '../../backup/recover-target';
import { restoreCommand, targetSettings } from '../plan/recovery-settings';
import { tidyBegun } from '../plan/stands';
import type { Site, Step } from '../site';
import { emptyData, putAside, putBackData, removeAside } from './data-aside';
import { openTablespaces, placedTablespaces, relink } from './tablespaces';
import { parseAutoConf, renderAutoConf, withoutRecovery } from './auto-conf';

/**
 * Barman writes the backup straight into the path that the node uses: one copy. The data directory that was there is
 * kept beside it, so that the recovery can be taken back until it is tidied away.
 */
export const restore: Step = { do: writeBackup, undo: putBack };

async function writeBackup(site: Site): Promise<string> {
  const { run, cluster, node, backup, plan } = site;
  const placed = placedTablespaces(site);
  await putAside(node, plan.id);
  const how = await restoreInto(run, cluster, {
    node,
    backup: backup.id,
    options: [...recoverOptions(site), ...(await openTablespaces(site, placed))],
    segments: plan.segments,
  });
  site.ownSettings = withoutRecovery(
    parseAutoConf((await node.exec(['cat', `${node.dataDir}/postgresql.auto.conf`])).stdout),
  );
  await writeRecoverySettings(site);
  await node.exec([
    'sh',
    '-c',
    `touch ${node.dataDir}/recovery.signal && chown -R ${node.osUser}: ${node.dataDir} && chmod 0700 ${node.dataDir}`,
  ]);
  await relink(site, placed);
  const { stdout } = await node.exec(['du', '-smL', node.dataDir]);
  return `${stdout.split('\t')[0]} MB, ${how}; the old directory is kept`;
}

/** The data directory as it was before. */
async function putBack(site: Site): Promise<string> {
  const { node, plan } = site;
  // Of what was being removed nothing can be trusted: the member copies the old leader.
  if (tidyBegun(site)) {
    await emptyData(node, plan.id);
    await removeAside(node, plan.id);
    return `${node.name} is emptied`;
  }
  await putBackData(node, plan.id);
  return `${node.dataDir} is as it was`;
}

/** Replaces postgresql.auto.conf as a whole. */
export async function writeAutoConf({ node }: Pick<Site, 'node'>, settings: Record<string, string>): Promise<void> {
  const target = `${node.dataDir}/postgresql.auto.conf`;
  await node.container.putFiles([{ target, content: renderAutoConf(settings), mode: 0o600 }]);
  await node.exec(['chown', `${node.osUser}:`, target]);
}

/** What `barman recover` is told, beyond backup and directory. Without a copy of the WAL, the server fetches each segment. */
export function recoverOptions({ plan, request }: Pick<Site, 'plan' | 'request'>): string[] {
  return [
    ...['--target-tli', String(request.targetTimeline)],
    ...targetOption(plan.target),
    ...(plan.walFrom === 'fetched' ? ['--get-wal'] : []),
  ];
}

/** Writes what makes the server replay up to the plan's target. */
export async function writeRecoverySettings(site: Site): Promise<void> {
  await writeAutoConf(site, recoverySettings(site));
}

/** Everything that postgresql.auto.conf says while the node recovers. */
export function recoverySettings({ cluster, plan, ownSettings }: Site): Record<string, string> {
  const { server, host, user } = cluster.barman;
  return {
    ...ownSettings,
    ...targetSettings(plan.target, plan.targetTimeline, plan.pause ? 'pause' : 'promote'),
    restore_command: restoreCommand(plan.walMethod, {
      server,
      host,
      user,
      partial: plan.usePartial ?? false,
      ...(plan.useKeptWal ? { keptWal: `${plan.keptDirectory}/pg_wal` } : {}),
    }),
  };
}
