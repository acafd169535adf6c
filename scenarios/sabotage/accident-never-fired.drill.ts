import {
  beforeAccident,
  captureMoment,
  defineDrill,
  isolatedNodePitr,
  thai,
  verdict,
  type StrikeContext,
} from 'pgdrill';

/** A DELETE that takes no row: what a mistyped accident looks like. */
async function deleteNothing({ cluster, database }: StrikeContext) {
  const leader = await cluster.leader();
  return leader.use(async (client) => {
    const before = await captureMoment(client);
    const { rowCount } = await client.query('DELETE FROM book.tickets WHERE false');
    const { rows } = await client.query<{ left: string }>('SELECT count(*) AS left FROM book.tickets');
    return {
      accident: 'delete-nothing',
      title: 'DELETE FROM book.tickets WHERE false',
      member: leader.name,
      before,
      struckAt: new Date().toISOString(),
      proof: {
        took: rows[0]?.left === '0',
        expected: 'every ticket deleted',
        found: `${rowCount} deleted, ${rows[0]?.left} left`,
      },
    };
  }, database);
}

export default defineDrill({
  id: 'accident-never-fired',
  title: 'sabotage: an accident that took no effect',
  labels: ['sabotage', 'smoke'],
  dataset: thai('tiny'),
  accident: deleteNothing,
  recovery: isolatedNodePitr({ target: beforeAccident() }),
  expect: verdict('unverified', { by: 'accident' }),
});
