import { addDigests } from '../formats/fingerprint';
import type { Content, Fingerprint } from '../record/fingerprint';
import { sabotage, there } from './spoiled';

const id = 'content';

/** The table with the most rows. */
function largest({ tables }: Content): Fingerprint {
  const [first] = Object.values(tables).sort((a, b) => Number(BigInt(b.rows) - BigInt(a.rows)));
  return there(first, 'table');
}

/** Changes count and sum of a table, and of its first bucket, as a change of one row does. */
function change(table: Fingerprint, rows: bigint, digest: string): void {
  for (const part of [table, Object.values(table.buckets ?? {})[0]]) {
    if (!part) continue;
    part.rows = String(BigInt(part.rows) + rows);
    part.sum = addDigests(part.sum, digest);
  }
}

export const contentSabotages = [
  sabotage(
    'row-changed-in-place',
    'one row of the dataset has another value on a replica',
    { reds: [id] },
    (spoiled) => {
      change(largest(spoiled.content(spoiled.replica)), 0n, '7');
    },
  ),
  sabotage('row-removed', 'one row of the dataset is gone everywhere', { reds: [id] }, (spoiled) => {
    for (const member of spoiled.members) change(largest(spoiled.content(member)), -1n, '-7');
  }),
  sabotage('row-twice', 'a row is there twice, with a digest of nought', { reds: [id] }, (spoiled) => {
    change(largest(spoiled.content(spoiled.leader)), 1n, '0');
  }),
  sabotage('table-missing', 'a table is not there on the leader', { reds: [id] }, (spoiled) => {
    const { tables } = spoiled.content(spoiled.leader);
    delete tables[there(Object.keys(tables)[0], 'table')];
  }),
  sabotage('schema-changed', 'a column or constraint is another', { reds: [id] }, (spoiled) => {
    for (const member of spoiled.members) spoiled.content(member).schema = '0'.repeat(64);
  }),
  sabotage('sequence-set-back', 'a sequence gives numbers out a second time', { reds: [id] }, (spoiled) => {
    const [sequence] = Object.values(spoiled.content(spoiled.leader).sequences);
    const { lastValue } = there(sequence, 'sequence');
    there(sequence, 'sequence').lastValue = String(BigInt(lastValue) - 1n);
  }),
  sabotage(
    'sequence-behind-column',
    'the next number of a sequence is already in its column',
    { reds: [id] },
    (spoiled) => {
      const [sequence] = Object.values(spoiled.content(spoiled.leader).sequences);
      there(sequence, 'sequence').behindColumn = true;
    },
  ),
  sabotage(
    'database-half-dropped',
    'a database is there by name and does not connect',
    { reds: [id] },
    ({ leader }) => {
      const databases = there(leader.databases, 'databases');
      const name = there(Object.keys(databases).sort().at(-1), 'database');
      databases[name] = { connects: false, error: `cannot connect to invalid database "${name}"` };
    },
  ),
  sabotage('no-baseline', 'nobody knows what was there before', { unverified: [id] }, ({ cluster }) => {
    delete cluster.baseline;
  }),
];
