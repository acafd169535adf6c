import { z } from 'zod';
import type { PatroniNode } from '../../cluster/patroni-node';
import { refreshCollation } from '../../operations/refresh-collation';
import { defineAccident } from '../define-accident';

/** A collation with a version that an index of a schema of people's goes by. */
const used = `SELECT DISTINCT n.nspname AS schema, l.collname AS name
  FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_namespace s ON s.oid = c.relnamespace,
       unnest(i.indcollation) AS o JOIN pg_collation l ON l.oid = o JOIN pg_namespace n ON n.oid = l.collnamespace
  WHERE s.nspname !~ '^pg_' AND l.collversion IS NOT NULL ORDER BY 1, 2`;

const versions = `SELECT collversion AS kept, pg_collation_actual_version(l.oid) AS actual
  FROM pg_collation l JOIN pg_namespace n ON n.oid = l.collnamespace WHERE n.nspname = $1 AND l.collname = $2`;

export const collationVersion = defineAccident({
  name: 'collation-version',
  family: 'corruption',
  title: 'collation of another version than its indexes were built with',
  does: 'The catalogue says that a collation had another version than the one that ICU or the C library has now, as after an upgrade of the operating system: indexes that go by it may be in another order than comparisons are, and PostgreSQL warns ("collation … has version mismatch").',
  strikes: ['leader'],
  options: z.object({
    collation: z.string().optional().describe('its name; default the first that an index of the database goes by'),
    version: z.string().default('1.0').describe('what the catalogue is to say'),
  }),
  proof: 'the version in the catalogue is not the one that the server’s own function finds',
  undone: 'ALTER COLLATION … REFRESH VERSION',
  neverTouches: 'rows, indexes, the libraries',
  async lacks({ cluster, database }, _) {
    const rows = await (await cluster.leader()).query(used, [], database);
    return rows.length > 0 ? undefined : `no index of ${database} goes by a collation that has a version`;
  },
  async prepare({ database }, { nodes: [node] }, { collation }) {
    const rows = await node!.query<{ schema: string; name: string }>(used, [], database);
    const { schema, name } = rows.find((row) => collation === undefined || row.name === collation) ?? {
      schema: 'pg_catalog',
      name: collation!,
    };
    return { database, schema, collation: name };
  },
  async strike({ database, deal }, { nodes: [node] }, { version }, { schema, collation }) {
    const before = await versionsOf(node!, database, schema!, collation!);
    const sql = `UPDATE pg_collation SET collversion = $3 WHERE collname = $2
         AND collnamespace = (SELECT oid FROM pg_namespace WHERE nspname = $1)`;
    await deal(() => node!.query(sql, [schema, collation, version], database));
    const { kept, actual } = await versionsOf(node!, database, schema!, collation!);
    return {
      proof: {
        took: kept === version && actual !== undefined && actual !== kept,
        expected: `"${collation}", version ${before.kept}, said to be ${version}`,
        found: `the catalogue says ${kept}, the library ${actual}`,
      },
      noted: { collation: collation! },
    };
  },
  async undo({ cluster, notes: { database, schema, collation } }) {
    return refreshCollation(await cluster.leader(), database!, schema!, collation!);
  },
});

async function versionsOf(
  node: PatroniNode,
  database: string,
  schema: string,
  collation: string,
): Promise<{ kept?: string; actual?: string }> {
  const [row] = await node.query<{ kept: string; actual: string }>(versions, [schema, collation], database);
  return row ?? {};
}
