import type { Client } from 'pg';
import type { Incident } from '../../record/incident';
import { nowText } from '../../run/recorder';
import { limited } from '../../run/until';
import { dealing, type Accident } from '../accident';
import { captureMoment } from '../moment';

/** An accident made of SQL: what is looked at before, the damage, and the look after it that proves it. */
interface SqlAccident<Before, Done> {
  name: string;
  title: string;
  /** Default: the dataset's. */
  database?: string | undefined;
  /** What is there; the moment before the accident is captured after it. */
  look(client: Client): Promise<Before>;
  /** The damage itself, between BEGIN and COMMIT. */
  damage(client: Client, before: Before): Promise<Done>;
  /** What is there once it is committed. */
  prove(client: Client, before: Before, done: Done): Promise<Incident['proof']>;
}

/**
 * An accident that is one transaction through the leader, on a connection of its own, while everything else goes on.
 * What PostgreSQL refuses (no such table, others depend on it) is thrown, and nothing was changed then.
 */
export function oneTransaction<Before, Done>(sql: SqlAccident<Before, Done>): Accident {
  const { name, title } = sql;
  return {
    name,
    title,
    async strike(context) {
      const { run, cluster, database } = context;
      const deal = dealing(context);
      const leader = await cluster.leader();
      const client = await leader.connect(sql.database ?? database);
      try {
        return await limited('dataset loaded', run, async () => {
          const seen = await sql.look(client);
          const before = await captureMoment(client);
          await client.query('BEGIN');
          const done = await sql.damage(client, seen);
          const xid = (await client.query<{ xid: string }>('SELECT pg_current_xact_id()::text AS xid')).rows[0]!.xid;
          // What is not committed was never done: the proof looks afterwards.
          const committed = await deal(() => client.query('COMMIT'));
          if (!committed) await client.query('ROLLBACK');
          const struckAt = nowText();
          const proof = await sql.prove(client, seen, done);
          return { accident: name, title, member: leader.name, before, struckAt, xid, proof };
        });
      } finally {
        await client.end().catch(() => undefined);
      }
    },
  };
}

/** Rows of a table. @param quoted as SQL names it */
export async function countRows(client: Client, quoted: string): Promise<string> {
  return (await client.query<{ n: string }>(`SELECT count(*) AS n FROM ${quoted}`)).rows[0]!.n;
}
