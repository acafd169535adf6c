import type { StepAction } from '../site';
import { writeAutoConf } from './restore';

/** Stops PostgreSQL in order and takes out every recovery setting, so that no later start recovers again. */
export const stopIsolated: StepAction = async (site) => {
  const { node } = site;
  await node.exec(['su', 'postgres', '-c', `${node.binDir}/pg_ctl -D ${node.dataDir} -s -w -m fast stop`], {
    deadline: 'postmaster stopped',
  });
  await writeAutoConf(site, site.ownSettings);
  await node.exec(['rm', '-rf', `${node.dataDir}/barman_wal`]);
  return 'no recovery setting left';
};
