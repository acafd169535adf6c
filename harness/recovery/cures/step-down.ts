import { until } from '../../run/until';
import type { Cure } from '../healing/heal';
import { awaitPromotion } from './await-promotion';
import { nodeOf } from './whose';

/** PostgreSQL of a replica whose timeline is later than that of whom it is to follow. */
const BEHIND = /highest timeline \d+ of the primary is behind recovery timeline \d+/;

/**
 * Has an old leader that came back step down. Most do so by themselves. Patroni 3.0 that was frozen may write the leader key
 * once more when it wakes, over the name of the member that was promoted meanwhile: it goes on with a timeline that nobody can
 * follow any more, and takes writes. It is stopped then, until another member leads again, and started as a replica.
 */
export function stepDown(): Cure {
  return {
    id: 'step-down',
    title: 'see that the old leader steps down',
    async does(context) {
      const { run, cluster, symptoms } = context;
      const old = await nodeOf(context, 'old-leader');
      const became = await until('leader elected', run, async () => {
        if ((await cluster.etcd.keys()).leader === old.name) return 'leader';
        return (await old.patroni())?.role === 'replica' ? 'replica' : undefined;
      });
      if (became === 'replica') return `${old.name} stepped down by itself`;
      const others = cluster.others(old.name);
      const symptom = await until('symptom shown', run, async () => {
        for (const node of others) {
          const line = (await node.serverLog()).split('\n').find((one) => BEHIND.test(one));
          if (line !== undefined) return `${node.name}: ${line}`;
        }
        return undefined;
      });
      symptoms.push(symptom);
      run.note(`symptom on ${symptom}`);
      await old.stopPatroni();
      const led = await awaitPromotion().does(context);
      await old.startPatroni();
      return `${old.name} had taken the key back and was stopped; ${led}`;
    },
  };
}
