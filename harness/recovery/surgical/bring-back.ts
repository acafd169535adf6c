import type { Client } from 'pg';
import { messageOf, PgdrillError } from '../../record/errors';
import type { RescueResult } from '../../record/rescue';
import { nowText } from '../../run/recorder';
import { refuseChildren, refuseMoved, type RescuePlan } from '../plan/surgical';
import type { ComparedRows, RescueRequest, TableFacts } from '../plan/surgical-facts';
import { quotedColumn } from '../plan/surgical-names';
import type { RescueSql } from '../plan/surgical-sql';
import { digestFrom, sameRows } from './session';
import { compareRows } from './stage';

/** How long the lock of the table is waited for: writers of it queue behind a request that waits. */
const LOCK_TIMEOUT = '10s';

/** What one transaction needs. */
export interface BringBack {
  leader: Client;
  /** What makes the table, as pg_dump on the server aside writes it. */
  dump(section: 'pre-data' | 'post-data'): Promise<string>;
  sql: RescueSql;
  request: RescueRequest;
  plan: RescuePlan;
  /** The table now, or as it was where it is made anew. */
  table: TableFacts;
  expected: RescueResult['digest']['aside'];
}

type Brought = Pick<RescueResult, 'inserted' | 'updated' | 'removed' | 'left' | 'digest' | 'committedAt' | 'commitLsn'>;

/**
 * Brings the staged rows back in one transaction on the leader: all of it or nothing. Readers go on; who writes to this
 * table waits until it is committed (SHARE ROW EXCLUSIVE), so what was compared is what is written.
 *
 * Foreign keys are checked as ever: `session_replication_role` would switch them off with the triggers. Triggers of the
 * user's are disabled one by one, inside the transaction, where nobody else can write.
 * @throws PGDRILL_RESCUE_MOVED, PGDRILL_RESCUE_FAILED with the server's words; nothing is changed then
 */
export async function bringBack(work: BringBack): Promise<Brought> {
  const { leader } = work;
  try {
    await leader.query('BEGIN');
    await leader.query(`SET LOCAL lock_timeout = '${LOCK_TIMEOUT}'`);
    const written = await write(work);
    const digest = await verified(work, written.left);
    // Forced to disk before anybody is told, whatever the cluster's setting.
    await leader.query('SET LOCAL synchronous_commit = on');
    await leader.query('COMMIT');
    const { rows } = await leader.query<{ lsn: string }>('SELECT pg_current_wal_insert_lsn()::text AS lsn');
    return { ...written, digest, committedAt: nowText(), commitLsn: rows[0]!.lsn };
  } catch (error) {
    await leader.query('ROLLBACK').catch(() => undefined);
    if (error instanceof PgdrillError) throw error;
    const { detail, code } = error as { detail?: string; code?: string };
    const busy = code === '55P03';
    throw new PgdrillError(
      'PGDRILL_RESCUE_FAILED',
      `the rows could not be brought back: ${messageOf(error)}${detail ? ` (${detail})` : ''}`,
      busy
        ? `nothing was changed; somebody held the table for ${LOCK_TIMEOUT}: look at pg_locks, and run it again`
        : 'nothing was changed; choose fewer rows with --where, or bring them into a table of their own with --into schema.table',
      { cause: error },
    );
  }
}

async function write(work: BringBack): Promise<Omit<Brought, 'digest' | 'committedAt' | 'commitLsn'>> {
  const { leader, sql, plan } = work;
  const { create, into } = plan.shape;
  const count = async (text: string) => String((await leader.query(text)).rowCount ?? 0);
  if (create) {
    if (create === 'copy') await leader.query(sql.createCopy());
    else await runDump(work, 'pre-data');
    const inserted = await count(sql.insert());
    if (create === 'as-it-was') {
      await runDump(work, 'post-data');
      await moveSequences(work);
    }
    return { inserted, updated: '0', removed: '0', left: '0' };
  }
  await leader.query(`LOCK TABLE ${into} IN SHARE ROW EXCLUSIVE MODE`);
  // Rows that are to go: from here on nobody can make another row refer to them.
  if (work.request.into === 'replace') await leader.query(sql.lockExtra());
  const now = await compareRows(leader, sql, plan.shape, { references: [] }, work.table);
  refuseMoved(plan, willOf(work.request, now));
  refuseChildren(work.request, now);
  for (const { name } of plan.triggers) await leader.query(`ALTER TABLE ${into} DISABLE TRIGGER ${quotedColumn(name)}`);
  const { into: mode } = work.request;
  const removed = mode === 'replace' ? await count(sql.remove()) : '0';
  const updated = mode === 'keep' || plan.shape.values.length === 0 ? '0' : await count(sql.update());
  const inserted = await count(sql.insert());
  // Foreign keys that are checked at the commit are checked here, where it can still be told which it was.
  await leader.query('SET CONSTRAINTS ALL IMMEDIATE');
  await moveSequences(work);
  for (const { name, always } of plan.triggers)
    await leader.query(`ALTER TABLE ${into} ENABLE ${always ? 'ALWAYS ' : ''}TRIGGER ${quotedColumn(name)}`);
  return { inserted, updated, removed, left: mode === 'keep' ? now.differing : '0' };
}

function willOf(
  { into }: RescueRequest,
  now: Pick<ComparedRows, 'missing' | 'differing' | 'extra'>,
): RescuePlan['will'] {
  return {
    insert: now.missing,
    update: into === 'keep' ? '0' : now.differing,
    remove: into === 'replace' ? now.extra : '0',
    leave: into === 'keep' ? now.differing : '0',
  };
}

/** The rows that had to be as at the target are so, on the leader, before anybody else sees them. */
async function verified({ leader, sql, plan, expected }: BringBack, left: string): Promise<RescueResult['digest']> {
  const due = left === '0' ? expected : await digestFrom(leader, sql.dueDigest());
  const found = await digestFrom(leader, plan.shape.create === 'as-it-was' ? sql.digestOfAll() : sql.sameDigest());
  if (sameRows(due, found)) return { aside: due, leader: found };
  throw new PgdrillError(
    'PGDRILL_RESCUE_COPY',
    `${found.rows} rows are on the leader as at the target, ${due.rows} had to be`,
    'nothing was changed; a rule, a column that is generated otherwise now, or a predicate whose answer varies would do that',
  );
}

/**
 * What makes the table, as pg_dump writes it: `pre-data` the table with owner and sequences, `post-data` its keys, indexes,
 * triggers and rights (PostgreSQL documentation, pg_dump, `--section`).
 */
async function runDump({ leader, dump }: BringBack, section: 'pre-data' | 'post-data'): Promise<void> {
  // psql's own commands, and settings that would take the place of ours.
  const sql = (await dump(section))
    .replace(/^\\(un)?restrict .*$/gm, '')
    .replace(/^SET (\w*_timeout|client_encoding) .*$/gm, '');
  try {
    await leader.query(sql);
  } finally {
    await leader.query('RESET search_path').catch(() => undefined);
  }
}

/**
 * A sequence that comes back with its table goes on where it was at the target; one that is there is only moved on, where
 * it would give out a number that is in its column.
 */
async function moveSequences({ leader, plan }: BringBack): Promise<void> {
  for (const { name, column, ascending, lastValue, called } of plan.sequences) {
    if (plan.shape.create) await leader.query('SELECT setval($1::regclass, $2::bigint, $3)', [name, lastValue, called]);
    if (!ascending) continue;
    const max = `(SELECT max(${quotedColumn(column)})::bigint FROM ${plan.shape.into})`;
    await leader.query(
      `SELECT setval($1::regclass, ${max}) FROM ${name} WHERE last_value - (NOT is_called)::int < ${max}`,
      [name],
    );
  }
}
