import type { PatroniNode } from '../../cluster/patroni-node';
import type { MemberEvidence } from '../../record/evidence';
import type { WaitContext } from '../../run/until';
import { AMCHECK_FUNCTIONS, amcheckRelation, type Amcheck } from './amcheck';
import { EXTENSION_SCHEMAS, readingExtensions } from './extensions';
import { validateForeignKeys } from './foreign-keys';
import { isScanned, readInFull, scan, type Unreadable } from './full-read';
import { ReadingSession } from './reading-session';
import { INVALID_INDEXES, OTHER_COLLATIONS, RELATIONS, type Relation } from './relations';

/** As it is filled; in the record `notRead` and `invalidIndexes` may be missing, in older evidence. */
export type Integrity = NonNullable<MemberEvidence['integrity']> &
  Required<Pick<NonNullable<MemberEvidence['integrity']>, 'notRead' | 'invalidIndexes'>>;

/** Connections that read one database at once. Members are read at the same time, on one machine. */
const READERS = 2;

/**
 * One database: every relation read in full first, so that damage is named by the relation that has it and not by one
 * through which it was met; then amcheck of what can be read; then foreign keys. One query a relation: the first damaged
 * one does not hide the others.
 * @param ask.shared whether the relations that all databases share are read here
 * @param ask.somebodys no extension can be expected: tables are read without, and what that leaves out is named
 */
export async function checkDatabase(
  context: WaitContext,
  node: PatroniNode,
  ask: { database: string; leads: boolean; shared: boolean; somebodys?: boolean },
  result: Integrity,
): Promise<void> {
  const { database } = ask;
  const sessions = Array.from({ length: READERS }, () => new ReadingSession(context, node, database));
  const [first] = sessions as [ReadingSession, ...ReadingSession[]];
  try {
    const relations = await first.rows<Relation & Record<string, unknown>>(RELATIONS, [ask.shared]);
    const found = await first.rows<{ name: string; schema: string }>(EXTENSION_SCHEMAS, [readingExtensions]);
    const schemas = new Map(found.map(({ name, schema }) => [name, schema]));
    const missing = ask.somebodys ? readingExtensions.filter((name) => !schemas.has(name)) : [];
    if (missing.length > 0) (result.without ??= []).push(...missing.map((extension) => ({ database, extension })));
    const reader = missing.includes('pg_prewarm') ? 'scan' : schemas.get('pg_prewarm');
    const damaged = await readAll(sessions, relations, database, reader, result);
    const schema = schemas.get('amcheck');
    if (missing.includes('amcheck')) {
      // Named above.
    } else if (schema === undefined) {
      result.notRead.push({ database, relation: 'amcheck', why: 'the extension amcheck is not there' });
    } else {
      const [can] = await first.rows<{ unique: boolean; gin: boolean }>(AMCHECK_FUNCTIONS, [schema]);
      await amcheckAll(sessions, relations, { ...ask, damaged }, { schema, unique: false, gin: false, ...can }, result);
    }
    for (const { name, of, state } of await first.rows<{ name: string; of: string; state: string }>(INVALID_INDEXES))
      result.invalidIndexes.push(`${database}: ${name} of ${of}: ${state}`);
    if (!ask.somebodys) {
      const others = await first.rows<{ name: string; kept: string; actual: string }>(OTHER_COLLATIONS);
      for (const { name, kept, actual } of others)
        (result.otherCollations ??= []).push(
          `${database}: ${name}: ${kept} in the catalogue, ${actual} in its library`,
        );
    }
    if (ask.leads && result.foreignKeys) await validateForeignKeys(first, database, result.foreignKeys, result.notRead);
  } finally {
    await Promise.all(sessions.map((session) => session.end()));
  }
}

/**
 * @param schema of pg_prewarm, or `scan`: tables and materialised views only, by queries
 * @returns the oids of relations that cannot be read whole
 */
async function readAll(
  sessions: readonly ReadingSession[],
  relations: readonly Relation[],
  database: string,
  schema: string | undefined,
  result: Integrity,
): Promise<Set<string>> {
  const damaged = new Set<string>();
  if (schema === undefined) {
    result.notRead.push({ database, relation: 'full read', why: 'the extension pg_prewarm is not there' });
    return damaged;
  }
  const readable = schema === 'scan' ? relations.filter(isScanned) : relations;
  await share(sessions, readable, async (session, relation) => {
    const read = await (schema === 'scan' ? scan(session, relation) : readInFull(session, relation, schema));
    if (read.outcome === 'gone') return;
    if (read.outcome === 'not read') {
      result.notRead.push({ database, relation: relation.name, why: read.why });
      return;
    }
    result.relationsRead += 1;
    if (read.outcome !== 'damaged') return;
    damaged.add(relation.oid);
    for (const place of read.places) note(result, database, place);
  });
  return damaged;
}

async function amcheckAll(
  sessions: readonly ReadingSession[],
  relations: readonly Relation[],
  { database, leads, damaged }: { database: string; leads: boolean; damaged: ReadonlySet<string> },
  check: Amcheck,
  result: Integrity,
): Promise<void> {
  const sound = relations.filter(({ oid }) => !damaged.has(oid));
  const toastDamaged = new Set(
    relations.flatMap(({ oid, kind, ofOid }) =>
      damaged.has(oid) ? [oid, ...(kind === 'index' && ofOid ? [ofOid] : [])] : [],
    ),
  );
  await share(sessions, sound, async (session, relation) => {
    const around = {
      leads,
      table: relation.ofOid === null || !damaged.has(relation.ofOid),
      toast: relation.toastOid === null || !toastDamaged.has(relation.toastOid),
    };
    const said = await amcheckRelation(session, check, relation, around);
    if (said === undefined || said.outcome === 'gone') return;
    if (said.outcome === 'not read') {
      result.notRead.push({ database, relation: relation.name, why: said.why });
      return;
    }
    result.amcheck.relations += 1;
    if (said.outcome === 'wrong') {
      const name = relation.kind === 'index' ? `${relation.name}, index of ${relation.ofName}` : relation.name;
      result.amcheck.errors.push(...said.errors.map((error) => `${database}: ${name}: ${error}`));
    } else if (said.outcome === 'damaged') {
      const { elsewhere, error } = said;
      const other = elsewhere && relations.find(({ path }) => path === elsewhere.path);
      const block = elsewhere?.block;
      note(result, database, { relation: other ?? relation, error, ...(block === undefined ? {} : { block }) });
    }
  });
}

/** The same place is met through the table and through each of its indexes: named once. */
function note(result: Integrity, database: string, { relation, block, error }: Unreadable): void {
  const again = result.unreadable.some(
    (one) => one.database === database && one.relation === relation.name && one.block === block,
  );
  if (again) return;
  result.unreadable.push({
    database,
    relation: relation.name,
    ...(relation.ofName === null ? {} : { of: relation.ofName }),
    ...(block === undefined ? {} : { block }),
    error,
  });
}

/** Gives the items to the sessions one by one, each to the next that is free. */
async function share<T>(
  sessions: readonly ReadingSession[],
  items: readonly T[],
  work: (session: ReadingSession, item: T) => Promise<void>,
): Promise<void> {
  const queue = [...items];
  await Promise.all(
    sessions.map(async (session) => {
      for (let item = queue.shift(); item !== undefined; item = queue.shift()) await work(session, item);
    }),
  );
}
