import { refreshCollation } from '../../operations/refresh-collation';
import type { Cure } from '../healing/heal';

/**
 * Tells the catalogue which version of a collation is there, once every index that goes by it was built anew.
 * @param schema where the collation is; those of ICU and of the C library are in pg_catalog
 */
export function refreshVersion(collation: string, schema = 'pg_catalog'): Cure {
  return {
    id: 'refresh-version',
    title: `refresh the version of collation "${collation}"`,
    changes: true,
    async does({ cluster, database }) {
      return refreshCollation(await cluster.leader(), database, schema, collation);
    },
  };
}
