import {
  beforeAccident,
  commitMark,
  defineDrill,
  deleteAllRows,
  failover,
  inOrder,
  isolatedNodePitr,
  thai,
} from 'pgdrill';

export default defineDrill({
  id: 'across-failover',
  title: 'backup on one timeline, the leader killed, accident and target on the next: PITR across both',
  labels: ['pitr'],
  dataset: thai('tiny'),
  before: failover(),
  accident: inOrder(commitMark('kept'), deleteAllRows('book.tickets')),
  recovery: isolatedNodePitr({ target: beforeAccident() }),
});
