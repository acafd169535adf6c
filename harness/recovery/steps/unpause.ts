import type { Cluster } from '../../cluster/cluster';
import { patchStoredConfig } from '../../operations/stored-config';
import { until } from '../../run/until';
import type { Site, Step } from '../site';

/**
 * Resumes a paused Patroni before the first one is stopped: while it is paused, a stop of it leaves PostgreSQL running and
 * taking writes. The dynamic configuration is a key of the DCS, which Patroni reads in each round (Patroni's documentation,
 * "Pause/Resume mode"); it is resumed once every Patroni that answers says so.
 */
export const unpause: Step = {
  async do(site) {
    await setPause(site, false);
    return `Patroni of ${site.plan.others.length + 1} members is resumed`;
  },
  async undo(site) {
    await setPause(site, true);
    return 'Patroni is paused again';
  },
};

async function setPause({ run, cluster }: Pick<Site, 'run' | 'cluster'>, pause: boolean): Promise<void> {
  await patchStoredConfig(cluster, { pause: pause ? true : null });
  let others: string[] = [];
  await until(
    'configuration taken up',
    run,
    async () => {
      others = await sayOtherwise(cluster, pause);
      return others.length === 0;
    },
    { seen: () => `${others.join(', ')} still ${pause ? 'at work' : 'paused'}` },
  );
}

/** Members whose Patroni answers and has not taken it up yet. */
async function sayOtherwise(cluster: Cluster, pause: boolean): Promise<string[]> {
  const asked = await Promise.all(
    cluster.nodes.map(async (node) => [node.name, (await node.patroni())?.paused] as const),
  );
  return asked.filter(([, paused]) => paused !== undefined && paused !== pause).map(([name]) => name);
}
