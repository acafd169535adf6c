import { beforeAccident, defineDrill, deleteAllRows, isolatedNodePitr, thai, verdict } from 'pgdrill';

/** A second old, so that its writer has had its answer. */
export default defineDrill({
  id: 'write-after-recovery-lost',
  title: 'sabotage: a write that the recovered cluster acknowledged is gone again',
  labels: ['sabotage'],
  dataset: thai('tiny'),
  accident: deleteAllRows('book.tickets'),
  recovery: isolatedNodePitr({ target: beforeAccident() }),
  async spoil({ cluster }) {
    const leader = await cluster.leader();
    const rows = await leader.query<{ seq: string }>(
      `DELETE FROM ledger.entry WHERE seq =
         (SELECT max(seq) FROM ledger.entry WHERE written < clock_timestamp() - interval '1 s') RETURNING seq`,
      [],
      'ledger',
    );
    return `transaction ${rows[0]?.seq} of the ledger is gone`;
  },
  expect: verdict('failed', { by: ['acknowledged-writes', 'switchover'] }),
});
