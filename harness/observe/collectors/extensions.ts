import type { PatroniNode } from '../../cluster/patroni-node';

/**
 * What reads a database in full: amcheck compares tables and indexes with themselves, pg_prewarm reads every block of any
 * relation through the buffers, where checksums are verified, also on a standby (PostgreSQL documentation, appendix F).
 */
export const readingExtensions: readonly string[] = ['amcheck', 'pg_prewarm'];

/**
 * Makes them in one database of the leader, those that its server has. To be called before the baseline and the backup:
 * an extension made after the recovery target would not come back, and a standby cannot make one.
 */
export async function makeReadingExtensions(leader: PatroniNode, database: string): Promise<void> {
  await leader.use(async (client) => {
    const { rows } = await client.query<{ name: string }>(
      'SELECT name FROM pg_available_extensions WHERE name = ANY ($1) AND installed_version IS NULL ORDER BY 1',
      [readingExtensions],
    );
    for (const { name } of rows) await client.query(`CREATE EXTENSION ${name}`);
  }, database);
}

/** How to call the functions of an extension in a database: its schema, quoted; undefined where it is not there. */
export const EXTENSION_SCHEMAS = `SELECT extname AS name, quote_ident(nspname) AS schema
  FROM pg_extension JOIN pg_namespace n ON n.oid = extnamespace WHERE extname = ANY ($1)`;
