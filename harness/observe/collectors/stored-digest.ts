import type { Client } from 'pg';
import type { PatroniNode } from '../../cluster/patroni-node';

/**
 * A digest of a value's stored bytes, as functions of the server's own: `hashvarlenaextended`, which hash indexes on bytea
 * use, is declared with an argument of type internal and so cannot be called from SQL under its own name.
 *
 * Without it, a digest of jsonb takes either its text (3 times as long as all other columns of a ticket together) or
 * `jsonb_hash_extended`, which is slower too and takes 1.0 and 1.00 for equal. Every type named here is a varlena, whose
 * bytes hold the value and nothing else; compressed ones are expanded first (`PG_GETARG_VARLENA_PP` in hashfunc.c).
 */
export const storedDigestTypes: readonly string[] = ['jsonb', 'json', 'numeric', 'bytea', 'bpchar'];

export const STORED_DIGEST = 'pgdrill.stored_digest';

/**
 * Makes them in one database of the leader, in a schema of their own, for superusers only. To be called before the
 * baseline and the backup, like the extensions: what is made after the recovery target would not come back, and a standby
 * can make nothing. Without them digests are of text, and take longer.
 */
export async function makeStoredDigests(leader: PatroniNode, database: string): Promise<void> {
  await leader.use((client) => createStoredDigests(client), database);
}

/** The same over a connection. */
export async function createStoredDigests(client: Client): Promise<void> {
  const functions = storedDigestTypes.map(
    (type) => `
    CREATE OR REPLACE FUNCTION ${STORED_DIGEST}(pg_catalog.${type}, bigint) RETURNS bigint
      LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE AS 'hashvarlenaextended';
    REVOKE ALL ON FUNCTION ${STORED_DIGEST}(pg_catalog.${type}, bigint) FROM PUBLIC;`,
  );
  await client.query(`BEGIN; CREATE SCHEMA IF NOT EXISTS pgdrill; ${functions.join('')} COMMIT`);
}

/** Whether a database has them all. */
export async function hasStoredDigests(client: Client): Promise<boolean> {
  const { rows } = await client.query<{ there: boolean }>(
    `SELECT bool_and(to_regprocedure('${STORED_DIGEST}(pg_catalog.' || type || ',bigint)') IS NOT NULL) AS there
     FROM unnest($1::text[]) AS type`,
    [storedDigestTypes],
  );
  return rows[0]?.there ?? false;
}
