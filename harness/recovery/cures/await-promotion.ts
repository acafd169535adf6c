import { PgdrillError } from '../../record/errors';
import { until } from '../../run/until';
import type { Cure } from '../healing/heal';

/**
 * Waits until another member leads than when the accident struck: etcd's key names it, Patroni's REST API says so
 * (`GET /primary`), and PostgreSQL has left recovery. Only who has the key is asked: one that is frozen would not answer.
 */
export function awaitPromotion(): Cure {
  return {
    id: 'await-promotion',
    title: 'wait until another member leads',
    async does({ run, cluster, incident }) {
      const old = incident.leader;
      if (old === undefined) {
        throw new PgdrillError(
          'PGDRILL_UNKNOWN_MEMBER',
          'the accident does not say who led when it struck',
          'use an accident that is made by defineAccident',
        );
      }
      let seen = 'etcd was not read';
      const leader = await until(
        'recovered node leads',
        run,
        async () => {
          const name = (await cluster.etcd.keys()).leader;
          seen = `the key names ${name ?? 'nobody'}`;
          const node = name === undefined || name === old ? undefined : cluster.members.get(name);
          if (!node) return undefined;
          const [status, inRecovery] = await Promise.all([node.restStatus('/primary'), node.inRecovery()]);
          seen = `${seen}, whose Patroni says ${status ?? 'nothing'}`;
          return status === 200 && inRecovery === false ? node : undefined;
        },
        { everyMs: 250, seen: () => seen },
      );
      return `${leader.name} was promoted, timeline ${await leader.writtenTimeline()}`;
    },
  };
}
