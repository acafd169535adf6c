import { damagedPlace } from './reading-error';
import type { ReadingSession } from './reading-session';
import type { Relation } from './relations';

/** One place of a relation that cannot be read. */
export interface Unreadable {
  relation: Relation;
  block?: number;
  error: string;
}

export type FullRead =
  { outcome: 'read' | 'gone' } | { outcome: 'not read'; why: string } | { outcome: 'damaged'; places: Unreadable[] };

/** Damaged blocks of one relation that are named before the rest of it is left: enough to see that there are several. */
const BLOCKS = 5;

/**
 * Reads every block of a relation's main fork through the server's buffers, where its checksum is verified. After a
 * damaged block it goes on behind it. A block that is in the buffers already is taken from there, as any query would.
 *
 * The free space and visibility maps are left out: PostgreSQL zeroes a damaged page of theirs by itself when it meets one
 * (RBM_ZERO_ON_ERROR in freespace.c and visibilitymap.c), and after a crash a torn one is nothing unusual.
 * @param schema of the extension pg_prewarm, quoted
 */
export async function readInFull(session: ReadingSession, relation: Relation, schema: string): Promise<FullRead> {
  const places: Unreadable[] = [];
  for (let from = 0; ;) {
    // An empty relation has no block 0 to begin with.
    const first = from === 0 ? 'NULL' : from;
    const reading = await session.read(`SELECT ${schema}.pg_prewarm(${relation.oid}, 'buffer', 'main', ${first})`);
    if ('rows' in reading) break;
    if (reading.fault === 'gone') return { outcome: 'gone' };
    if (reading.fault !== 'damaged') return { outcome: 'not read', why: reading.words };
    const place = damagedPlace(reading.words);
    const block = place?.path === relation.path ? place.block : undefined;
    places.push({ relation, error: reading.words, ...(block === undefined ? {} : { block }) });
    if (block === undefined || block < from || places.length >= BLOCKS) break;
    from = block + 1;
    if (!(await hasBlock(session, relation, from))) break;
  }
  return places.length === 0 ? { outcome: 'read' } : { outcome: 'damaged', places };
}

/** pg_prewarm refuses to begin behind the last block. */
async function hasBlock(session: ReadingSession, { oid }: Relation, block: number): Promise<boolean> {
  const sql = `SELECT pg_relation_size($1::oid::regclass) / current_setting('block_size')::bigint > $2 AS more`;
  const reading = await session.read<{ more: boolean | null }>(sql, [oid, block]);
  return 'rows' in reading && reading.rows[0]?.more === true;
}

/** Relations that a query reads from end to end. */
export function isScanned({ kind, method }: Relation): boolean {
  return (kind === 'table' || kind === 'materialised view') && method === 'heap';
}

/**
 * Reads every block of a table by a sequential scan, where there is no pg_prewarm: not its indexes, and of its TOAST table
 * nothing. The first damaged block ends it.
 */
export async function scan(session: ReadingSession, relation: Relation): Promise<FullRead> {
  const named = await session.read<{ name: string | null }>('SELECT $1::oid::regclass::text AS name', [relation.oid]);
  if (!('rows' in named)) return { outcome: 'not read', why: named.words };
  const name = named.rows[0]?.name;
  // A name that is only a number: the relation is gone.
  if (!name || /^\d+$/.test(name)) return { outcome: 'gone' };
  const off = ['indexonlyscan', 'indexscan', 'bitmapscan'].map((way) => `SET enable_${way} = off`).join('; ');
  const reading = await session.read(`${off}; SELECT count(*) FROM ONLY ${name}`);
  if ('rows' in reading) return { outcome: 'read' };
  if (reading.fault === 'gone') return { outcome: 'gone' };
  if (reading.fault !== 'damaged') return { outcome: 'not read', why: reading.words };
  const place = damagedPlace(reading.words);
  const block = place?.path === relation.path ? place.block : undefined;
  return {
    outcome: 'damaged',
    places: [{ relation, error: reading.words, ...(block === undefined ? {} : { block }) }],
  };
}
