import { switchover } from '../../operations/switchover';
import type { Cure } from '../healing/heal';

/**
 * Has a sound replica lead in place of a leader whose files are damaged but whose server still runs: a planned switchover,
 * which loses no write. What a leader has on disk does not go to its replicas, only its WAL does.
 * @throws PGDRILL_SWITCHOVER_REFUSED with Patroni's own words
 */
export function failoverAway(): Cure {
  return {
    id: 'failover-away',
    title: 'have a replica lead in its place',
    changes: true,
    async does({ run, cluster }) {
      const { from, to } = await switchover(run, cluster);
      return `${to} leads in place of ${from}`;
    },
  };
}
