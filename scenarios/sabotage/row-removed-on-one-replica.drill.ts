import {
  beforeAccident,
  defineDrill,
  deleteAllRows,
  editPage,
  isolatedNodePitr,
  removeRow,
  thai,
  verdict,
} from 'pgdrill';

/** amcheck looks for each row of the table in its index, not for each entry of the index in the table. */
export default defineDrill({
  id: 'row-removed-on-one-replica',
  title: 'sabotage: one row is gone on one replica, in a page with a right checksum',
  labels: ['sabotage'],
  dataset: thai('tiny'),
  accident: deleteAllRows('book.tickets'),
  recovery: isolatedNodePitr({ target: beforeAccident() }),
  async spoil({ run, cluster, database }) {
    const leader = await cluster.leader();
    const replica = cluster.others(leader.name).at(-1)!;
    const [row] = await replica.query<{ block: number; line: number; id: string }>(
      `SELECT (ctid::text::point)[0]::int AS block, (ctid::text::point)[1]::int AS line, id
       FROM book.tickets ORDER BY id OFFSET 100 LIMIT 1`,
      [],
      database,
    );
    const { block, line, id } = row!;
    const edit = (page: Buffer) => removeRow(page, line);
    await editPage(run, cluster, replica, { database, relation: 'book.tickets', block, edit });
    return `ticket ${id} is gone on ${replica.name}`;
  },
  expect: verdict('failed', { by: 'content' }),
});
