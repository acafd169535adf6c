import { beforeAccident, defineDrill, deleteAllRows, isolatedNodePitr, thai, verdict } from 'pgdrill';

export default defineDrill({
  id: 'half-transaction',
  title: 'sabotage: one row of a transaction of several is gone',
  labels: ['sabotage'],
  dataset: thai('tiny'),
  accident: deleteAllRows('book.tickets'),
  recovery: isolatedNodePitr({ target: beforeAccident() }),
  async spoil({ cluster }) {
    const leader = await cluster.leader();
    const rows = await leader.query<{ seq: string; part: number; parts: number }>(
      `DELETE FROM ledger.entry WHERE (seq, part) =
         (SELECT seq, part FROM ledger.entry WHERE parts > 1 AND part = parts ORDER BY seq LIMIT 1) RETURNING seq, part, parts`,
      [],
      'ledger',
    );
    const [row] = rows;
    return `row ${row?.part} of ${row?.parts} of the ledger's transaction ${row?.seq} is gone`;
  },
  expect: verdict('failed', { by: 'acknowledged-writes' }),
});
