/** A relation with storage of its own, as the catalogue has it. */
export interface Relation {
  oid: string;
  /** `schema.name`. */
  name: string;
  kind: 'table' | 'index' | 'toast' | 'sequence' | 'materialised view';
  /** Access method: `heap`, `btree`, `gin` … */
  method: string | null;
  /** Of an index or a TOAST table, the table that it belongs to, by oid and name. */
  ofOid: string | null;
  ofName: string | null;
  /** The table's TOAST table. */
  toastOid: string | null;
  /** Path of its first file below the data directory. */
  path: string;
  /** Whether an index can be compared with its table: PostgreSQL itself holds it for valid and ready. */
  usable: boolean;
}

/**
 * Every permanent relation with storage: tables, indexes of every kind, TOAST tables, sequences, materialised views, the
 * system's own too. Shared ones are in the list of every database: the caller takes them once. Temporary and unlogged
 * ones are no matter of a recovery (content looks at unlogged tables).
 * Asks nothing that takes a lock of a relation (pg_relation_size does): one that is locked must not hide all others.
 * @param $1 whether shared relations are wanted
 */
export const RELATIONS = `
  SELECT c.oid::text AS oid, n.nspname || '.' || c.relname AS name,
         CASE c.relkind WHEN 'i' THEN 'index' WHEN 't' THEN 'toast' WHEN 'S' THEN 'sequence'
                        WHEN 'm' THEN 'materialised view' ELSE 'table' END AS kind,
         am.amname AS method,
         coalesce(i.indrelid, owner.oid)::text AS "ofOid",
         coalesce(tn.nspname || '.' || t.relname, own.nspname || '.' || owner.relname) AS "ofName",
         nullif(c.reltoastrelid, 0)::text AS "toastOid",
         pg_relation_filepath(c.oid) AS path,
         coalesce(i.indisvalid AND i.indisready AND i.indislive, true) AS usable
  FROM pg_class c
  JOIN pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_am am ON am.oid = c.relam
  LEFT JOIN pg_index i ON i.indexrelid = c.oid
  LEFT JOIN pg_class t ON t.oid = i.indrelid
  LEFT JOIN pg_namespace tn ON tn.oid = t.relnamespace
  LEFT JOIN pg_class owner ON c.relkind = 't' AND owner.reltoastrelid = c.oid
  LEFT JOIN pg_namespace own ON own.oid = owner.relnamespace
  WHERE c.relkind IN ('r', 'i', 't', 'm', 'S') AND c.relpersistence = 'p'
    AND pg_relation_filepath(c.oid) IS NOT NULL AND ($1 OR NOT c.relisshared)
  ORDER BY c.relkind <> 'r', 2`;

/** Indexes that PostgreSQL holds for invalid or not ready: a CREATE INDEX CONCURRENTLY that did not get to its end. */
export const INVALID_INDEXES = `
  SELECT c.oid::regclass::text AS name, i.indrelid::regclass::text AS of,
         concat_ws(', ', CASE WHEN NOT i.indisvalid THEN 'not valid' END, CASE WHEN NOT i.indisready THEN 'not ready' END,
                   CASE WHEN NOT i.indislive THEN 'being dropped' END) AS state
  FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
  WHERE c.relkind = 'i' AND NOT (i.indisvalid AND i.indisready AND i.indislive) ORDER BY 1`;

/** Collations with a version that an index of this database goes by, and whose library has another one now. */
export const OTHER_COLLATIONS = `
  SELECT format('%I.%I', n.nspname, l.collname) AS name, l.collversion AS kept, pg_collation_actual_version(l.oid) AS actual
    FROM pg_collation l JOIN pg_namespace n ON n.oid = l.collnamespace
   WHERE l.oid IN (SELECT unnest(indcollation) FROM pg_index) AND l.collversion IS NOT NULL
     AND l.collversion <> pg_collation_actual_version(l.oid)
   ORDER BY 1`;
