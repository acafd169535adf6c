import {
  beforeAccident,
  changeRow,
  defineDrill,
  deleteAllRows,
  editPage,
  isolatedNodePitr,
  thai,
  verdict,
} from 'pgdrill';

/** No index has the column, so that nothing but the content can tell. */
export default defineDrill({
  id: 'row-changed-on-one-replica',
  title: 'sabotage: one value of one row is another on one replica, in a page with a right checksum',
  labels: ['sabotage'],
  dataset: thai('tiny'),
  accident: deleteAllRows('book.tickets'),
  recovery: isolatedNodePitr({ target: beforeAccident() }),
  async spoil({ run, cluster, database }) {
    const leader = await cluster.leader();
    const replica = cluster.others(leader.name).at(-1)!;
    const [row] = await replica.query<{ block: number; line: number; fio: string }>(
      `SELECT (ctid::text::point)[0]::int AS block, (ctid::text::point)[1]::int AS line, fio
       FROM book.tickets WHERE fio IS NOT NULL ORDER BY id LIMIT 1`,
      [],
      database,
    );
    const { block, line, fio } = row!;
    const other = fio.slice(0, 1).toLowerCase() + fio.slice(1);
    const edit = (page: Buffer) => changeRow(page, line, Buffer.from(fio), Buffer.from(other));
    await editPage(run, cluster, replica, { database, relation: 'book.tickets', block, edit });
    return `"${fio}" is "${other}" on ${replica.name}`;
  },
  expect: verdict('failed', { by: 'content' }),
});
