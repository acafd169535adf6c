import type { Engine } from '../engine/connect';
import { findContainer } from '../engine/container';
import { PgdrillError } from '../record/errors';
import { labels } from '../run/ids';
import { containerName, type ClusterDescription } from './description';

/**
 * Looks whether the names that the containers of a cluster are to have are free.
 * @throws PGDRILL_NAMES_TAKEN with the first that is not, and what holds it
 */
export async function requireFreeNames(engine: Engine, description: ClusterDescription): Promise<void> {
  for (const thing of [...description.members, ...description.etcd, 'barman']) {
    const name = containerName(description, thing);
    const holder = await findContainer(engine, name);
    // An id that begins so is no name.
    if (holder?.name !== name) continue;
    const run = holder.labels[labels.run];
    throw new PgdrillError(
      'PGDRILL_NAMES_TAKEN',
      `the name ${name} is held by ${run === undefined ? `a container that is not pgdrill's (${holder.id.slice(0, 12)})` : `the cluster of run ${run}`}`,
      run === undefined
        ? `rename it (docker rename ${name} …) or remove it, or give another --name-prefix`
        : `pgdrill down ${run}, or give another --name-prefix`,
    );
  }
}
