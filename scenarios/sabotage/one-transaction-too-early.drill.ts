import {
  atXid,
  defineDrill,
  deleteAllRows,
  inOrder,
  isolatedNodePitr,
  noted,
  thai,
  verdict,
  type Operation,
  type RecoverContext,
} from 'pgdrill';

/** A transaction of the ledger from just before the accident. */
const noteTransaction: Operation = async ({ cluster }) => {
  const leader = await cluster.leader();
  const last = await leader.value('SELECT xmin::text FROM ledger.entry ORDER BY seq DESC LIMIT 1', 'ledger');
  return { noted: { last } };
};
const ran = atXid(noted('last'), { inclusive: false });
const claimed = atXid(noted('last'), { inclusive: true });

/** The transaction is to be kept, and replay stops before it. */
async function offByOne(context: RecoverContext) {
  const result = await isolatedNodePitr({ target: ran }).recover(context);
  return { ...result, plan: { ...result.plan!, target: claimed(context.incident) } };
}

export default defineDrill({
  id: 'one-transaction-too-early',
  title: 'sabotage: the recovery stops one transaction before its target',
  labels: ['sabotage'],
  dataset: thai('tiny'),
  accident: inOrder(noteTransaction, deleteAllRows('book.tickets')),
  recovery: offByOne,
  expect: verdict('failed', { by: ['acknowledged-writes', 'stop-point', 'timeline', 'objectives'] }),
});
