import { escapeIdentifier } from 'pg';
import { nowText } from '../../run/recorder';
import { limited } from '../../run/until';
import type { Accident } from '../accident';
import { captureMoment } from '../moment';

/**
 * `DELETE FROM table`, without a WHERE, through the leader, while everything else goes on.
 *
 * Proof: the table had rows before and has none after the commit. It stays in the dataset's database unless told.
 * @param table `schema.table`
 */
export function deleteAllRows(table: string, options: { database?: string } = {}): Accident {
  const quoted = table.split('.').map(escapeIdentifier).join('.');
  return {
    name: 'delete-all-rows',
    title: `DELETE FROM ${table}`,
    async strike({ run, cluster, database }) {
      const leader = await cluster.leader();
      const client = await leader.connect(options.database ?? database);
      try {
        return await limited('dataset loaded', run, async () => {
          const count = async () =>
            (await client.query<{ n: string }>(`SELECT count(*) AS n FROM ${quoted}`)).rows[0]!.n;
          const rows = await count();
          const before = await captureMoment(client);
          await client.query('BEGIN');
          const deleted = (await client.query(`DELETE FROM ${quoted}`)).rowCount ?? 0;
          const xid = (await client.query<{ xid: string }>('SELECT pg_current_xact_id()::text AS xid')).rows[0]!.xid;
          await client.query('COMMIT');
          const struckAt = nowText();
          const left = await count();
          return {
            accident: 'delete-all-rows',
            title: `DELETE FROM ${table}`,
            member: leader.name,
            before,
            struckAt,
            xid,
            proof: {
              took: deleted > 0 && left === '0',
              expected: `${rows} rows of ${table} deleted, none left`,
              found: `${deleted} deleted, ${left} left`,
            },
          };
        });
      } finally {
        await client.end().catch(() => undefined);
      }
    },
  };
}
