import type { Site, Step } from '../site';
import { writeAutoConf } from './restore';

/** Stops PostgreSQL in order and takes out every recovery setting, so that no later start recovers again. */
export const stopIsolated: Step = {
  async do(site) {
    const { node } = site;
    await stopPostgres(site);
    await writeAutoConf(site, site.ownSettings);
    await node.exec(['rm', '-rf', `${node.dataDir}/barman_wal`]);
    return 'no recovery setting left';
  },
};

/** Stops what was started outside Patroni, if it runs. */
export async function stopPostgres({ node }: Pick<Site, 'node'>): Promise<string> {
  if (!(await node.hasPostmaster())) return 'PostgreSQL does not run';
  await node.exec(['su', 'postgres', '-c', `${node.binDir}/pg_ctl -D ${node.dataDir} -s -w -m fast stop`], {
    deadline: 'postmaster stopped',
  });
  return 'PostgreSQL is stopped';
}
