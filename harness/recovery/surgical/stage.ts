import { pipeline } from 'node:stream/promises';
import type { Client } from 'pg';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import { PgdrillError } from '../../record/errors';
import type { RowsDigest } from '../../record/rescue';
import type { ComparedRows, TableFacts } from '../plan/surgical-facts';
import type { RescueShape } from '../plan/surgical-shape';
import type { RescueSql } from '../plan/surgical-sql';
import { digestFrom, sameRows } from './session';

/** Rows from which on each command reads the table once, rather than a row at a time by its index. */
const MANY = 1000n;

/**
 * Copies the chosen rows from the server aside, through this process, into a temporary table of the leader's session.
 * Temporary rows are in no WAL: until they are brought back nothing of them reaches a replica or the archive.
 * @returns their digest, the same on both
 * @throws PGDRILL_RESCUE_COPY when what arrived is not what was sent
 */
export async function stageRows(aside: Client, leader: Client, sql: RescueSql, from: string): Promise<RowsDigest> {
  await leader.query(sql.stage());
  await pipeline(aside.query(copyTo(sql.copyOut(from))), leader.query(copyFrom(sql.copyIn())));
  await leader.query('ANALYZE pg_temp.pgdrill_rescue');
  const sent = await digestFrom(aside, sql.digestAside(from));
  const arrived = await digestFrom(leader, sql.stagedDigest());
  // What the planner believes of a table whose rows were just deleted: that it is empty. A nested loop over it would read
  // once more with every row all those that the same command has put there (seen: 60 s for 36,000 rows, 5 s by hashing).
  if (BigInt(arrived.rows) >= MANY) await leader.query('SET enable_nestloop = off');
  if (sameRows(sent, arrived)) return sent;
  throw new PgdrillError(
    'PGDRILL_RESCUE_COPY',
    `${arrived.rows} rows arrived on the leader, ${sent.rows} were chosen at the target, and they are not the same`,
    'nothing was changed; a predicate whose answer varies (now(), random()) chooses other rows each time: write what it means',
  );
}

/** How the staged rows compare with the leader's, and what hangs on them. */
export async function compareRows(
  leader: Client,
  sql: RescueSql,
  shape: RescueShape,
  { references }: Pick<TableFacts, 'references'>,
  { referencedBy }: Pick<TableFacts, 'referencedBy'>,
): Promise<Omit<ComparedRows, 'undecided'>> {
  const count = async (text: string) => (await leader.query<{ rows: string }>(text)).rows[0]!.rows;
  const orphans: ComparedRows['orphans'] = [];
  for (const key of shape.create === 'copy' ? [] : references) {
    const { rows } = await leader.query<{ there: boolean }>('SELECT to_regclass($1) IS NOT NULL AS there', [key.to]);
    if (!rows[0]!.there && key.to !== shape.into) {
      orphans.push({ key, rows: (await digestFrom(leader, sql.stagedDigest())).rows, examples: ['the table is gone'] });
      continue;
    }
    const ask = sql.orphans(key, rows[0]!.there);
    const found = await count(ask.count);
    const examples = found === '0' ? [] : (await leader.query<{ value: string }>(ask.examples)).rows;
    orphans.push({ key, rows: found, examples: examples.map(({ value }) => value) });
  }
  if (shape.create) {
    const { rows } = await digestFrom(leader, sql.stagedDigest());
    return { chosen: rows, missing: rows, differing: '0', extra: '0', orphans, children: [], samples: [] };
  }
  const [counts] = (await leader.query<Pick<ComparedRows, 'chosen' | 'missing' | 'differing' | 'extra'>>(sql.counts()))
    .rows;
  const children: ComparedRows['children'] = [];
  for (const key of referencedBy) children.push({ key, rows: await count(sql.children(key)) });
  const samples = (await leader.query<Record<'kind' | 'key' | 'atTarget' | 'now', string | null>>(sql.samples())).rows;
  return {
    ...counts!,
    orphans,
    children,
    samples: samples.map(({ kind, key, atTarget, now }) => ({
      kind: kind as ComparedRows['samples'][number]['kind'],
      key: key ?? '',
      ...(atTarget === null ? {} : { atTarget }),
      ...(now === null ? {} : { now }),
    })),
  };
}
