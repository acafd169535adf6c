import type { PatroniNode } from '../../cluster/patroni-node';
import type { MemberEvidence } from '../../record/evidence';
import { messageOf } from '../../record/errors';
import { limited, type WaitContext } from '../../run/until';

type Integrity = NonNullable<MemberEvidence['integrity']>;

/** One query a relation, so that the first damaged one does not hide the others. */
const HEAPS = `SELECT c.oid::text AS oid, c.oid::regclass::text AS name FROM pg_class c
  WHERE c.relkind IN ('r', 't', 'm') AND c.relpersistence = 'p' ORDER BY 2`;
const INDEXES = `SELECT c.oid::text AS oid, c.oid::regclass::text AS name FROM pg_class c
  JOIN pg_index i ON i.indexrelid = c.oid JOIN pg_am am ON am.oid = c.relam
  WHERE am.amname = 'btree' AND c.relpersistence = 'p' AND i.indisready AND i.indisvalid ORDER BY 2`;

/**
 * Reads every page of every table and B-tree index of a member with amcheck: `verify_heapam` for tables,
 * `bt_index_check` with heapallindexed for indexes, and `bt_index_parent_check` on the leader, as it needs a lock that a
 * standby cannot take (PostgreSQL documentation, appendix F, "amcheck"). Data checksums are verified by reading, so the
 * server's count of failures is asked for afterwards.
 */
export async function collectIntegrity(
  context: WaitContext,
  node: PatroniNode,
  databases: readonly string[],
  leads: boolean,
): Promise<Integrity> {
  const result: Integrity = {
    checksums: (await node.value('SHOW data_checksums')) === 'on',
    checksumFailures: 0,
    relationsRead: 0,
    unreadable: [],
    amcheck: { relations: 0, errors: [] },
    ...(leads ? { foreignKeys: { validated: 0, violated: [] } } : {}),
    preparedTransactions: [],
  };
  for (const database of databases) {
    await limited('evidence gathered', context, () => checkDatabase(node, database, leads, result));
  }
  result.preparedTransactions = (await node.query<{ gid: string }>('SELECT gid FROM pg_prepared_xacts ORDER BY 1')).map(
    (row) => row.gid,
  );
  result.checksumFailures = Number(
    await node.value('SELECT coalesce(sum(checksum_failures), 0) FROM pg_stat_database'),
  );
  return result;
}

async function checkDatabase(node: PatroniNode, database: string, leads: boolean, result: Integrity): Promise<void> {
  const client = await node.connect(database);
  try {
    const namespace = (
      await client.query<{ name: string }>(
        "SELECT extnamespace::regnamespace::text AS name FROM pg_extension WHERE extname = 'amcheck'",
      )
    ).rows[0]?.name;
    if (namespace === undefined) {
      result.amcheck.errors.push(`${database}: the extension amcheck is not there`);
      return;
    }
    const each = async (list: string, check: (oid: string) => string): Promise<void> => {
      for (const { oid, name } of (await client.query<{ oid: string; name: string }>(list)).rows) {
        result.relationsRead += 1;
        try {
          const { rows } = await client.query<{ problem?: string }>(check(oid));
          result.amcheck.relations += 1;
          for (const { problem } of rows) if (problem) result.amcheck.errors.push(`${database}: ${name}: ${problem}`);
        } catch (error) {
          const message = messageOf(error);
          if (/invalid page|could not read|could not open|checksum/.test(message))
            result.unreadable.push({ database, relation: name, error: message });
          else result.amcheck.errors.push(`${database}: ${name}: ${message}`);
        }
      }
    };
    const parent = `${namespace}.bt_index_parent_check`;
    await each(HEAPS, (oid) => `SELECT msg AS problem FROM ${namespace}.verify_heapam(${oid}) LIMIT 5`);
    await each(INDEXES, (oid) => `SELECT ${leads ? parent : `${namespace}.bt_index_check`}(${oid}, true)::text AS ok`);
    if (leads && result.foreignKeys) await checkForeignKeys(client, database, result.foreignKeys);
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** Every foreign key looked at again: a row of the child without its parent is a violation. */
async function checkForeignKeys(
  client: Awaited<ReturnType<PatroniNode['connect']>>,
  database: string,
  result: NonNullable<Integrity['foreignKeys']>,
): Promise<void> {
  const { rows } = await client.query<{ name: string; child: string; parent: string; matches: string; given: string }>(`
    SELECT c.conname AS name, c.conrelid::regclass::text AS child, c.confrelid::regclass::text AS parent,
           string_agg(format('p.%I = f.%I', pa.attname, fa.attname), ' AND ' ORDER BY k.position) AS matches,
           string_agg(format('f.%I IS NOT NULL', fa.attname), ' AND ' ORDER BY k.position) AS given
    FROM pg_constraint c
    CROSS JOIN LATERAL unnest(c.conkey, c.confkey) WITH ORDINALITY AS k(child, parent, position)
    JOIN pg_attribute fa ON fa.attrelid = c.conrelid AND fa.attnum = k.child
    JOIN pg_attribute pa ON pa.attrelid = c.confrelid AND pa.attnum = k.parent
    WHERE c.contype = 'f' GROUP BY c.oid, 1, 2, 3 ORDER BY 1`);
  for (const key of rows) {
    const orphan = await client.query(
      `SELECT 1 FROM ${key.child} AS f WHERE ${key.given} AND NOT EXISTS (SELECT 1 FROM ${key.parent} AS p WHERE ${key.matches}) LIMIT 1`,
    );
    result.validated += 1;
    if ((orphan.rowCount ?? 0) > 0) result.violated.push(`${database}: ${key.name} of ${key.child}`);
  }
}
