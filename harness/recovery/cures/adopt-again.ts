import { isDeepStrictEqual } from 'node:util';
import { parseDynamicConfig } from '../../formats/dynamic-config';
import { adoptCluster } from '../../operations/adopt-cluster';
import { demand } from '../../operations/symptom';
import { until } from '../../run/until';
import type { Cure } from '../healing/heal';
import { struckAt } from './patroni-says';

/** Patroni's words before it removes a data directory, or copies one anew. */
const emptied = /Removing data directory|trying to bootstrap|replica has been created/;

/**
 * Has a cluster adopted with its data after everything in etcd was lost. Where Patroni runs and somebody leads before long, it
 * has done so by itself; else member by member, who has the most WAL first. Then it is held to what matters: the same system,
 * the dynamic configuration of before, and no member emptied.
 */
export function adoptAgain(options: { byHand?: boolean } = {}): Cure {
  return {
    id: 'adopt-again',
    title: 'have the cluster adopted again with its data',
    changes: options.byHand ?? false,
    async does(context) {
      const { run, cluster, incident } = context;
      const leading = options.byHand
        ? undefined
        : await until('leader looked for', run, () => cluster.findLeader()).catch(() => undefined);
      const done = leading ? `Patroni of ${leading.name} has adopted it by itself` : await adoptCluster(run, cluster);
      const before = incident.noted?.['dynamic configuration'];
      let config: string | undefined;
      await until(
        'configuration taken up',
        run,
        async () => {
          config = (await cluster.etcd.keys()).config;
          return before === undefined || isDeepStrictEqual(parseDynamicConfig(config), parseDynamicConfig(before));
        },
        { seen: () => `dynamic configuration: ${config ?? 'none'}; before: ${before}` },
      );
      const lines = await Promise.all(
        cluster.nodes.map(async ({ name, container }) =>
          (await container.logs({ since: struckAt(context) }))
            .split('\n')
            .filter((line) => emptied.test(line))
            .map((line) => `${name}: ${line.trim()}`),
        ),
      );
      demand(lines.flat().length === 0, 'no member is emptied', lines.flat().join('; '));
      return `${done}; the dynamic configuration is that of before, no member was emptied`;
    },
  };
}
