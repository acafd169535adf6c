import { until } from '../../run/until';
import type { Cure } from '../healing/heal';
import { reinit } from './reinit';
import { nodeOf } from './whose';

/** What a standby says for ever that has more timelines than its primary. */
const ahead = /highest timeline \d+ of the primary is behind recovery timeline \d+/;

/**
 * Waits until the member that was struck follows the leader again; where it cannot, it is copied anew. One that was promoted and
 * stopped before its first checkpoint cannot: pg_rewind goes by the timeline of the last checkpoint ("source and target cluster
 * are on the same timeline … no rewind required"), Patroni is content with that, and the standby waits for ever.
 */
export function rejoinStruck(): Cure {
  return {
    id: 'rejoin-struck',
    title: 'wait until the member follows the leader again, or copy it anew',
    async does(context) {
      const { run, cluster, symptoms } = context;
      const node = await nodeOf(context, 'struck');
      const since = (await node.serverLog()).length;
      const line = await until('member rewound', run, async () => {
        const leader = await cluster.findLeader();
        const status = await leader?.patroni();
        if (status?.replication.some((row) => row.applicationName === node.name && row.state === 'streaming'))
          return '';
        return (await node.serverLog())
          .slice(since)
          .split('\n')
          .find((one) => ahead.test(one));
      });
      if (line === '') return `${node.name} follows the leader by itself`;
      symptoms.push(`${node.name}: ${line}`);
      return reinit('struck').does(context);
    },
  };
}
