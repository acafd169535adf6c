import { createHash } from 'node:crypto';
import type { Client } from 'pg';
import { OWN_SCHEMAS } from './tables';

/**
 * Options of a column that somebody gave it. `pg_attver` is the server's own (seen on 15.20): where WAL stood when the
 * column was made. Like an OID it differs for a table that was made anew just as it was; nobody can set it, and pg_dump
 * leaves it out.
 */
const OWN_OPTIONS = `(SELECT nullif(array_agg(one ORDER BY one), '{}') FROM unnest(attoptions) AS one WHERE one !~ '^pg_attver=')`;

/**
 * What the catalogue says of a database's objects, a line each, apart from their rows. Not `pg_dump -s`: it prints a
 * random `\restrict` token. Names, not OIDs; what belongs to an extension is told by its version alone. Lines begin with
 * what they are about, so that sorted ones lie together.
 */
const LINES: readonly string[] = [
  `'schema ' || quote_ident(nspname) || ' owner ' || nspowner::regrole || ' rights ' || coalesce(nspacl::text, '-')
     FROM pg_namespace WHERE oid IN (SELECT oid FROM own)`,
  `'extension ' || extname || ' ' || extversion || ' in ' || extnamespace::regnamespace FROM pg_extension`,
  `'relation ' || c.oid::regclass || ' kind ' || relkind::text || ' ' || relpersistence::text || ' owner ' || relowner::regrole
     || ' rights ' || coalesce(relacl::text, '-') || ' options ' || coalesce(reloptions::text, '-')
     || ' row security ' || relrowsecurity || relforcerowsecurity || ' replica identity ' || relreplident::text
     || ' tablespace ' || coalesce((SELECT spcname FROM pg_tablespace WHERE oid = reltablespace), '-')
     || ' of type ' || CASE reloftype WHEN 0 THEN '-' ELSE reloftype::regtype::text END
     || ' partition by ' || coalesce(pg_get_partkeydef(c.oid), '-') || ' bound ' || coalesce(pg_get_expr(relpartbound, c.oid), '-')
     FROM relations c WHERE relkind IN ('r', 'p', 'v', 'm', 'f', 'S', 'c')`,
  `'inherits ' || inhrelid::regclass || ' ' || inhseqno || ' ' || inhparent::regclass FROM pg_inherits
     WHERE inhrelid IN (SELECT oid FROM relations)`,
  `'column ' || attrelid::regclass || ' ' || attnum || ' ' || quote_ident(attname) || ' ' || format_type(atttypid, atttypmod)
     || CASE WHEN attnotnull THEN ' not null' ELSE '' END
     || CASE attidentity WHEN '' THEN '' ELSE ' identity ' || attidentity::text END
     || CASE attgenerated WHEN '' THEN '' ELSE ' generated ' || attgenerated::text END
     || ' default ' || coalesce(pg_get_expr(d.adbin, d.adrelid), '-')
     || ' collation ' || CASE attcollation WHEN 0 THEN '-' ELSE attcollation::regcollation::text END
     || ' storage ' || attstorage::text || ' statistics ' || coalesce(attstattarget, -1)
     || ' rights ' || coalesce(attacl::text, '-') || ' options ' || coalesce(${OWN_OPTIONS}::text, '-')
     FROM pg_attribute a LEFT JOIN pg_attrdef d ON d.adrelid = attrelid AND d.adnum = attnum
     WHERE attnum > 0 AND NOT attisdropped
       AND attrelid IN (SELECT oid FROM relations WHERE relkind IN ('r', 'p', 'v', 'm', 'f', 'c'))`,
  `'constraint ' || CASE conrelid WHEN 0 THEN contypid::regtype::text ELSE conrelid::regclass::text END || ' '
     || quote_ident(conname) || ' ' || pg_get_constraintdef(oid) || CASE WHEN convalidated THEN '' ELSE ' not valid' END
     FROM pg_constraint WHERE connamespace IN (SELECT oid FROM own)`,
  `'index ' || pg_get_indexdef(indexrelid) || CASE WHEN indisvalid AND indisready THEN '' ELSE ' not valid' END
     || CASE WHEN indisclustered THEN ' clustered' ELSE '' END || CASE WHEN indisreplident THEN ' replica identity' ELSE '' END
     FROM pg_index WHERE indexrelid IN (SELECT oid FROM relations)`,
  `'view ' || c.oid::regclass || ' ' || pg_get_viewdef(c.oid) || CASE WHEN relispopulated THEN '' ELSE ' not filled' END
     FROM relations c WHERE relkind IN ('v', 'm')`,
  `'sequence ' || seqrelid::regclass || ' ' || seqtypid::regtype || ' start ' || seqstart || ' by ' || seqincrement || ' from '
     || seqmin || ' to ' || seqmax || ' cache ' || seqcache || CASE WHEN seqcycle THEN ' cycle' ELSE '' END
     || ' owned by ' || coalesce((SELECT refobjid::regclass || '.' || refobjsubid FROM pg_depend
          WHERE classid = 'pg_class'::regclass AND objid = seqrelid AND refobjsubid > 0 AND deptype IN ('a', 'i') LIMIT 1), '-')
     FROM pg_sequence WHERE seqrelid IN (SELECT oid FROM relations)`,
  `'routine ' || p.oid::regprocedure || ' owner ' || proowner::regrole || ' rights ' || coalesce(proacl::text, '-') || ' '
     || CASE prokind WHEN 'a' THEN 'aggregate of ' || (SELECT aggtransfn::regproc || ' ' || aggfinalfn::regproc || ' '
          || aggtranstype::regtype || ' ' || coalesce(agginitval, '-') FROM pg_aggregate WHERE aggfnoid = p.oid)
        ELSE pg_get_functiondef(p.oid) END
     FROM pg_proc p WHERE pronamespace IN (SELECT oid FROM own)
       AND NOT EXISTS (SELECT FROM extended e WHERE e.classid = 'pg_proc'::regclass AND e.objid = p.oid)`,
  `'trigger ' || pg_get_triggerdef(t.oid) || ' enabled ' || tgenabled::text FROM pg_trigger t
     WHERE NOT tgisinternal AND tgrelid IN (SELECT oid FROM relations)`,
  `'event trigger ' || quote_ident(evtname) || ' on ' || evtevent || ' ' || coalesce(evttags::text, '-') || ' does '
     || evtfoid::regproc || ' owner ' || evtowner::regrole || ' enabled ' || evtenabled::text FROM pg_event_trigger`,
  `'rule ' || pg_get_ruledef(oid) || ' enabled ' || ev_enabled::text FROM pg_rewrite
     WHERE rulename <> '_RETURN' AND ev_class IN (SELECT oid FROM relations)`,
  `'policy ' || polrelid::regclass || ' ' || quote_ident(polname) || ' for ' || polcmd::text
     || CASE WHEN polpermissive THEN ' permissive' ELSE ' restrictive' END || ' to '
     || array(SELECT CASE r WHEN 0 THEN 'public' ELSE r::regrole::text END FROM unnest(polroles) AS r ORDER BY 1)::text
     || ' using ' || coalesce(pg_get_expr(polqual, polrelid), '-') || ' check ' || coalesce(pg_get_expr(polwithcheck, polrelid), '-')
     FROM pg_policy`,
  `'type ' || t.oid::regtype || ' ' || typtype::text || ' owner ' || typowner::regrole || ' rights ' || coalesce(typacl::text, '-')
     || ' base ' || CASE typbasetype WHEN 0 THEN '-' ELSE format_type(typbasetype, typtypmod) END || ' default '
     || coalesce(typdefault, '-') || CASE WHEN typnotnull THEN ' not null' ELSE '' END || ' labels '
     || array(SELECT enumlabel FROM pg_enum WHERE enumtypid = t.oid ORDER BY enumsortorder)::text
     FROM pg_type t WHERE typtype IN ('d', 'e', 'r', 'b') AND typelem = 0 AND typnamespace IN (SELECT oid FROM own)
       AND NOT EXISTS (SELECT FROM extended e WHERE e.classid = 'pg_type'::regclass AND e.objid = t.oid)`,
  `'statistics ' || pg_get_statisticsobjdef(oid) || ' owner ' || stxowner::regrole FROM pg_statistic_ext
     WHERE stxnamespace IN (SELECT oid FROM own)`,
  `'default rights ' || defaclrole::regrole || ' in ' || CASE defaclnamespace WHEN 0 THEN '-' ELSE defaclnamespace::regnamespace::text END
     || ' on ' || defaclobjtype::text || ' ' || defaclacl::text FROM pg_default_acl`,
  `'publication ' || quote_ident(pubname) || ' owner ' || pubowner::regrole || ' all tables ' || puballtables || ' '
     || pubinsert || pubupdate || pubdelete || pubtruncate || ' of '
     || array(SELECT prrelid::regclass::text FROM pg_publication_rel WHERE prpubid = p.oid ORDER BY 1)::text FROM pg_publication p`,
  `'subscription ' || quote_ident(subname) || ' owner ' || subowner::regrole || ' of ' || subpublications::text
     FROM pg_subscription WHERE subdbid = (SELECT oid FROM pg_database WHERE datname = current_database())`,
  `'foreign server ' || quote_ident(srvname) || ' owner ' || srvowner::regrole || ' rights ' || coalesce(srvacl::text, '-')
     FROM pg_foreign_server`,
  // Objects from initdb on (FirstNormalObjectId, transam.h) are the user's.
  `'comment ' || i.type || ' ' || i.identity || ': ' || description
     FROM pg_description, pg_identify_object(classoid, objoid, objsubid) AS i
     WHERE objoid >= 16384 AND NOT EXISTS (SELECT FROM extended e WHERE e.classid = classoid AND e.objid = objoid)`,
];

const SCHEMA = `
  WITH own AS (${OWN_SCHEMAS}),
       extended AS (SELECT classid, objid FROM pg_depend WHERE deptype = 'e'),
       relations AS (SELECT * FROM pg_class c WHERE relnamespace IN (SELECT oid FROM own)
         AND NOT EXISTS (SELECT FROM extended e WHERE e.classid = 'pg_class'::regclass AND e.objid = c.oid))
  SELECT line FROM (${LINES.map((line) => `SELECT ${line}`).join('\n  UNION ALL ')}) AS lines (line)
  ORDER BY line COLLATE "C"`;

/** The catalogue's lines about the user's objects in one database, sorted. */
export async function schemaLines(client: Client): Promise<string[]> {
  const { rows } = await client.query<{ line: string | null }>(SCHEMA);
  return rows.map(({ line }) => line ?? 'an object of which the catalogue says nothing');
}

/** One digest of them all. */
export function schemaDigest(lines: readonly string[]): string {
  const hash = createHash('sha256');
  for (const line of lines) hash.update(`${line}\n`);
  return hash.digest('hex');
}

/** Extensions with their versions. */
export async function collectExtensions(client: Client): Promise<Record<string, string>> {
  const { rows } = await client.query<{ name: string; version: string }>(
    'SELECT extname AS name, extversion AS version FROM pg_extension ORDER BY 1',
  );
  return Object.fromEntries(rows.map(({ name, version }) => [name, version]));
}
