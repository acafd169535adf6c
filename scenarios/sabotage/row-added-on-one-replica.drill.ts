import {
  beforeAccident,
  defineDrill,
  deleteAllRows,
  duplicateRow,
  editPage,
  isolatedNodePitr,
  thai,
  verdict,
} from 'pgdrill';

/** The table has no key: where there is one, amcheck would miss the row in the index. */
export default defineDrill({
  id: 'row-added-on-one-replica',
  title: 'sabotage: one row is there twice on one replica, in a page with a right checksum',
  labels: ['sabotage'],
  dataset: thai('tiny'),
  accident: deleteAllRows('book.tickets'),
  recovery: isolatedNodePitr({ target: beforeAccident() }),
  async spoil({ run, cluster, database }) {
    const leader = await cluster.leader();
    const replica = cluster.others(leader.name).at(-1)!;
    const [row] = await replica.query<{ block: number; line: number; fam: string }>(
      `SELECT (ctid::text::point)[0]::int AS block, (ctid::text::point)[1]::int AS line, fam
       FROM book.fam ORDER BY ctid DESC LIMIT 1`,
      [],
      database,
    );
    const { block, line, fam } = row!;
    const edit = (page: Buffer) => duplicateRow(page, line, block);
    await editPage(run, cluster, replica, { database, relation: 'book.fam', block, edit });
    return `"${fam}" is there once more on ${replica.name}`;
  },
  expect: verdict('failed', { by: 'content' }),
});
