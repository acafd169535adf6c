import { damagedPlace } from './reading-error';
import type { ReadingSession } from './reading-session';
import type { Relation } from './relations';

/** What the amcheck of one database can do; its functions grew with the releases. */
export interface Amcheck {
  /** Its schema, quoted. */
  schema: string;
  /** PostgreSQL 17 on: `bt_index_check(…, checkunique)`. */
  unique: boolean;
  /** PostgreSQL 18 on: `gin_index_check`. */
  gin: boolean;
}

/** @param $1 schema of amcheck, as `pg_namespace` has it */
export const AMCHECK_FUNCTIONS = `
  SELECT coalesce(max(pronargs) FILTER (WHERE proname = 'bt_index_check'), 0) >= 3 AS unique,
         count(*) FILTER (WHERE proname = 'gin_index_check') > 0 AS gin
  FROM pg_proc WHERE pronamespace = $1::regnamespace`;

export type AmcheckResult =
  | { outcome: 'sound' | 'gone' }
  | { outcome: 'not read'; why: string }
  /** `elsewhere`: the file of another relation, which was met on the way and is the damaged one. */
  | { outcome: 'damaged'; error: string; elsewhere?: { path: string; block?: number } }
  | { outcome: 'wrong'; errors: string[] };

/** Problems of one relation that are named. */
const PROBLEMS = 5;

/** What of a relation's surroundings can be read: what is known to be damaged is not read again through it. */
export interface Surroundings {
  /** The index's table can be read. */
  table: boolean;
  /** The table's TOAST table and its index can be read. */
  toast: boolean;
  /** On the leader the parent checks are made, too; they take a lock that a standby cannot take. */
  leads: boolean;
}

/** How amcheck looks at a relation; undefined where it has nothing for its kind. */
export function amcheckQuery(check: Amcheck, relation: Relation, around: Surroundings): string | undefined {
  const { schema } = check;
  if (relation.kind === 'index') {
    // An index that PostgreSQL does not use cannot be compared with its table; it is a finding of its own.
    if (!relation.usable) return undefined;
    if (relation.method === 'gin' && check.gin) return `SELECT ${schema}.gin_index_check(${relation.oid})`;
    if (relation.method !== 'btree') return undefined;
    const heapAllIndexed = around.table;
    const unique = check.unique ? `, checkunique => ${around.table}` : '';
    if (!around.leads) return `SELECT ${schema}.bt_index_check(${relation.oid}, ${heapAllIndexed}${unique})`;
    return `SELECT ${schema}.bt_index_parent_check(${relation.oid}, ${heapAllIndexed}, false${unique})`;
  }
  if (relation.method !== 'heap' || relation.kind === 'sequence') return undefined;
  return `SELECT 'block ' || blkno || coalesce(', line ' || offnum, '') || coalesce(', column ' || attnum, '') || ': ' || msg AS problem
    FROM ${schema}.verify_heapam(${relation.oid}, check_toast => ${around.toast}) LIMIT ${PROBLEMS}`;
}

/** Looks at one relation with amcheck. PostgreSQL documentation, appendix F, "amcheck". */
export async function amcheckRelation(
  session: ReadingSession,
  check: Amcheck,
  relation: Relation,
  around: Surroundings,
): Promise<AmcheckResult | undefined> {
  const query = amcheckQuery(check, relation, around);
  if (query === undefined) return undefined;
  const reading = await session.read<{ problem?: string | null }>(query);
  if ('rows' in reading) {
    const errors = reading.rows.flatMap(({ problem }) => (problem ? [problem] : []));
    return errors.length > 0 ? { outcome: 'wrong', errors } : { outcome: 'sound' };
  }
  if (reading.fault === 'gone') return { outcome: 'gone' };
  if (reading.fault !== 'damaged') return { outcome: 'not read', why: reading.words };
  const place = damagedPlace(reading.words);
  // Without a file it is amcheck's own word about the structure, such as "item order invariant violated".
  if (!place) return { outcome: 'wrong', errors: [reading.words] };
  return {
    outcome: 'damaged',
    error: reading.words,
    ...(place.path === relation.path ? {} : { elsewhere: place }),
  };
}
