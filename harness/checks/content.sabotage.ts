import { addDigests } from '../formats/fingerprint';
import type { Content, Fingerprint } from '../record/fingerprint';
import { sabotage, there } from './spoiled';

const id = 'content';

/** The table with the most rows. */
function largest({ tables }: Content): Fingerprint {
  const [first] = Object.values(tables).sort((a, b) => Number(BigInt(b.rows) - BigInt(a.rows)));
  return there(first, 'table');
}

/** Changes count and sum of a table as a change of one row does. */
function change(table: Fingerprint, rows: bigint, digest: string): void {
  table.rows = String(BigInt(table.rows) + rows);
  table.sum = addDigests(table.sum, digest);
}

/** The first unlogged relation. @throws NothingToSpoil when there is none */
function unlogged({ unlogged }: Content): { relations: NonNullable<Content['unlogged']>; name: string } {
  const relations = there(unlogged, 'list of unlogged relations');
  return { relations, name: there(Object.keys(relations).sort()[0], 'unlogged relation') };
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
  sabotage('sequence-never-used', 'a sequence gives its last number out once more', { reds: [id] }, (spoiled) => {
    const [sequence] = Object.values(spoiled.content(spoiled.leader).sequences);
    there(sequence, 'sequence').called = false;
  }),
  sabotage('table-added', 'a table came back that was not there', { reds: [id] }, (spoiled) => {
    for (const member of spoiled.members) spoiled.content(member).tables['book.zombie'] = { rows: '0', sum: '0' };
  }),
  sabotage('extension-older', 'an extension is there in an older version', { reds: [id] }, (spoiled) => {
    const extensions = there(spoiled.content(spoiled.leader).extensions, 'extensions');
    extensions[there(Object.keys(extensions)[0], 'extension')] = '0.9';
  }),
  sabotage('large-object-changed', 'a large object has another byte on a replica', { reds: [id] }, (spoiled) => {
    change(there(spoiled.content(spoiled.replica).largeObjects, 'large objects'), 0n, '7');
  }),
  sabotage('large-object-came-back', 'a large object is there that was not before', { reds: [id] }, (spoiled) => {
    for (const member of spoiled.members) change(there(spoiled.content(member).largeObjects, 'large objects'), 1n, '7');
  }),
  sabotage('unlogged-rows-came-back', 'an unlogged table has rows after the recovery', { reds: [id] }, (spoiled) => {
    const { relations, name } = unlogged(spoiled.content(spoiled.leader));
    relations[name] = { rows: '12' };
  }),
  sabotage('unlogged-table-missing', 'an unlogged table is not there', { reds: [id] }, (spoiled) => {
    for (const member of spoiled.members) {
      const { relations, name } = unlogged(spoiled.content(member));
      delete relations[name];
    }
  }),
  sabotage('sampled-against-full', 'a table was sampled on one side only', { unverified: [id] }, (spoiled) => {
    largest(spoiled.content(spoiled.replica)).sampledOneIn = 64;
  }),
  sabotage(
    'digested-another-way',
    'digests were made by another method than at the baseline',
    { unverified: [id] },
    (spoiled) => {
      for (const member of spoiled.members) largest(spoiled.content(member)).method = 'another';
    },
  ),
  sabotage('large-objects-not-read', 'nobody counted the large objects', { unverified: [id] }, (spoiled) => {
    delete spoiled.content(spoiled.leader).largeObjects;
  }),
  sabotage('unlogged-not-listed', 'nobody listed the unlogged tables', { unverified: [id] }, (spoiled) => {
    for (const member of spoiled.members) delete spoiled.content(member).unlogged;
  }),
  sabotage(
    'page-hid-content',
    'a damaged page kept a replica from being compared',
    { unverified: [id] },
    ({ replica }) => {
      delete replica.content;
      replica.unread = { content: 'thai: XX001: invalid page in block 10 of relation base/16385/16398' };
    },
  ),
  sabotage('no-baseline', 'nobody knows what was there before', { unverified: [id] }, ({ cluster }) => {
    delete cluster.baseline;
  }),
];
