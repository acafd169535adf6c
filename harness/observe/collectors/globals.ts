import type { PatroniNode } from '../../cluster/patroni-node';
import type { Globals } from '../../record/fingerprint';
import { digestOf, runKey } from './run-digest';

/** Attributes, memberships and comment of a role, in words (PostgreSQL documentation, 53.8 "pg_authid"). */
const ROLES = `
  SELECT rolname AS name, concat_ws(', ',
    CASE WHEN rolcanlogin THEN 'login' END, CASE WHEN rolsuper THEN 'superuser' END, CASE WHEN rolreplication THEN 'replication' END,
    CASE WHEN rolcreaterole THEN 'createrole' END, CASE WHEN rolcreatedb THEN 'createdb' END,
    CASE WHEN rolbypassrls THEN 'bypassrls' END, CASE WHEN NOT rolinherit THEN 'noinherit' END,
    CASE WHEN rolconnlimit <> -1 THEN 'connection limit ' || rolconnlimit END,
    'valid until ' || rolvaliduntil::text,
    'member of ' || (SELECT string_agg(m.roleid::regrole || CASE WHEN m.admin_option THEN ' with admin' ELSE '' END, ' ' ORDER BY m.roleid::regrole::text)
                     FROM pg_auth_members m WHERE m.member = r.oid),
    'comment ' || shobj_description(r.oid, 'pg_authid'),
    CASE WHEN $1 <> '' THEN 'password ' || left(encode(sha256(convert_to($1 || rolpassword, 'UTF8')), 'hex'), 16) END) AS text
  FROM pg_authid r WHERE rolname !~ '^pg_' ORDER BY 1`;

/** Not the place on disk: a restore may have put it elsewhere on purpose. */
const TABLESPACES = `
  SELECT spcname AS name, concat_ws(', ', 'owner ' || spcowner::regrole, 'rights ' || spcacl::text, 'options ' || spcoptions::text) AS text
  FROM pg_tablespace ORDER BY 1`;

const SETTINGS = `
  SELECT coalesce((SELECT datname::text FROM pg_database WHERE oid = setdatabase), '*') || '/'
         || coalesce((SELECT rolname::text FROM pg_roles WHERE oid = setrole), '*') AS name,
         array(SELECT unnest(setconfig) ORDER BY 1)::text AS text
  FROM pg_db_role_setting ORDER BY 1`;

const DATABASES = `
  SELECT datname AS name, concat_ws(', ', 'owner ' || datdba::regrole, pg_encoding_to_char(encoding), datcollate, datctype,
    CASE WHEN datistemplate THEN 'template' END, CASE WHEN NOT datallowconn THEN 'no connections' END,
    CASE WHEN datconnlimit <> -1 THEN 'connection limit ' || datconnlimit END,
    'tablespace ' || (SELECT spcname FROM pg_tablespace WHERE oid = dattablespace), 'rights ' || datacl::text) AS text
  FROM pg_database ORDER BY 1`;

/**
 * What belongs to the whole server: roles, tablespaces, settings of databases and roles, attributes of databases. Never a
 * password nor its hash: a digest that tells whether it is the same, made in the server.
 * @param keptKey mixed into digests that are kept in a file and compared by a later process; passwords are then left out,
 * for the key lies beside them
 */
export async function collectGlobals(node: PatroniNode, keptKey?: string): Promise<Globals> {
  return node.use(async (client) => {
    await client.query(`SET TimeZone = 'UTC'; SET DateStyle = 'ISO, YMD'; SET search_path = pg_catalog`);
    const read = async (sql: string, values: string[] = []): Promise<Record<string, string>> => {
      const { rows } = await client.query<{ name: string; text: string }>(sql, values);
      return Object.fromEntries(rows.map(({ name, text }) => [name, text]));
    };
    const settings = await read(SETTINGS);
    return {
      // Mixed into the digest of a password's hash: md5 hashes have no salt.
      roles: await read(ROLES, [keptKey === undefined ? runKey : '']),
      tablespaces: await read(TABLESPACES),
      // A setting may hold a secret.
      settings: Object.fromEntries(Object.entries(settings).map(([name, text]) => [name, digestOf(text, keptKey)])),
      databases: await read(DATABASES),
    };
  });
}
