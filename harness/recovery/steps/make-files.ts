import { filesDirectory } from '../plan/step-parts';
import type { Site, Step } from '../site';
import { parseAutoConf, renderAutoConf, withoutRecovery } from './auto-conf';
import { recoverOptions, recoverySettings } from './restore';

/** The recovery files, in Barman's own container: for a person to copy where they are wanted, and to start. */
export const makeFiles: Step = { do: intoBarman, undo: remove };

async function intoBarman(site: Site): Promise<string> {
  const { cluster, backup, plan } = site;
  const { barman } = cluster;
  const directory = filesDirectory(plan.id);
  await remove(site);
  await barman.exec(['install', '-d', '-o', barman.user, '-m', '0700', directory]);
  await barman.barman(['recover', ...recoverOptions(site), barman.server, backup.id, directory], {
    deadline: 'backup recovered',
  });
  const conf = `${directory}/postgresql.auto.conf`;
  site.ownSettings = withoutRecovery(parseAutoConf((await barman.exec(['cat', conf])).stdout));
  await barman.container.putFiles([
    { target: conf, content: renderAutoConf(recoverySettings(site)), mode: 0o600 },
    { target: `${directory}/recovery.signal`, content: '', mode: 0o600 },
  ]);
  await barman.exec(['chown', `${barman.user}:`, conf, `${directory}/recovery.signal`]);
  const { stdout } = await barman.exec(['du', '-sm', directory]);
  return `${stdout.split('\t')[0]} MB in ${barman.container.name}:${directory}`;
}

async function remove({ cluster, plan }: Site): Promise<string> {
  const directory = filesDirectory(plan.id);
  await cluster.barman.exec(['rm', '-rf', directory]);
  return `${directory} is gone`;
}
