import type { Site, Step } from '../site';
import { writeAutoConf } from './restore';
import { setRolePasswords } from './role-passwords';

/** Stops PostgreSQL in order and takes out every recovery setting, so that no later start recovers again. */
export const stopIsolated: Step = {
  async do(site) {
    const { node } = site;
    // Not there any more where an earlier try was cut off: then they are set already.
    const set = (await node.inRecovery()) === false ? await setRolePasswords(site) : [];
    await stopPostgres(site);
    await writeAutoConf(site, site.ownSettings);
    await node.exec(['rm', '-rf', `${node.dataDir}/barman_wal`]);
    const passwords =
      set.length === 0 ? '' : `; ${set.join(', ')} got the password of now, that of the target is another`;
    return `no recovery setting left${passwords}`;
  },
};

/** Stops what was started outside Patroni, if it runs. */
export async function stopPostgres({ node }: Pick<Site, 'node'>): Promise<string> {
  if (!(await node.hasPostmaster())) return 'PostgreSQL does not run';
  await node.exec(['su', node.osUser, '-c', `${node.binDir}/pg_ctl -D ${node.dataDir} -s -w -m fast stop`], {
    deadline: 'postmaster stopped',
  });
  return 'PostgreSQL is stopped';
}
