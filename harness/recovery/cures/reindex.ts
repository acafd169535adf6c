import { escapeIdentifier } from 'pg';
import { PgdrillError } from '../../record/errors';
import type { Cure } from '../healing/heal';

/**
 * Builds a B-tree anew from its table, on the leader; its replicas get it by WAL. Held against its table before and after by
 * amcheck: what is sound is no cure's to build anew.
 * @param index `schema.index`, or where the incident says which
 * @throws PGDRILL_NOT_SHOWN where amcheck finds nothing before; what amcheck says where it finds something after
 */
export function reindex(index?: string): Cure {
  return {
    id: 'reindex',
    title: `build ${index ?? 'the index'} anew`,
    changes: true,
    async does({ cluster, incident, database, symptoms }) {
      const name = index ?? incident.noted?.relation ?? '';
      const quoted = name.split('.').map(escapeIdentifier).join('.');
      const leader = await cluster.leader();
      const check = () => leader.query('SELECT bt_index_check($1::regclass, true)', [quoted], database);
      const found = await check().then(
        () => undefined,
        (error: Error) => error.message,
      );
      if (found === undefined) {
        throw new PgdrillError(
          'PGDRILL_NOT_SHOWN',
          `amcheck finds nothing wrong with ${name}`,
          'leave the index as it is',
        );
      }
      symptoms.push(`${leader.name}: ${found}`);
      await leader.query(`REINDEX INDEX ${quoted}`, [], database);
      await check();
      return `before: ${found}; after: nothing found`;
    },
  };
}
