import { PgdrillError } from '../../record/errors';
import type { Cure } from '../healing/heal';
import { nodeOf } from './whose';

/** Looks whether the leader of before takes writes while etcd has no quorum: in failsafe mode it goes on. */
export function keepsLeading(): Cure {
  return {
    id: 'keeps-leading',
    title: 'look whether the leader goes on without etcd',
    async does(context) {
      const node = await nodeOf(context, 'old-leader');
      const xid = await node.value('SELECT pg_current_xact_id()');
      const without = await context.cluster.etcd.revision().then(
        () => false,
        () => true,
      );
      if (without) return `${node.name} has committed transaction ${xid}; etcd answers nobody`;
      throw new PgdrillError(
        'PGDRILL_NOT_SHOWN',
        'etcd answers: nothing is shown by a leader that goes on',
        'look at etcd’s containers',
      );
    },
  };
}
