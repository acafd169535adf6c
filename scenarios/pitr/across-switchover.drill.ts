import {
  beforeAccident,
  commitMark,
  defineDrill,
  deleteAllRows,
  inOrder,
  isolatedNodePitr,
  switchover,
  thai,
} from 'pgdrill';

export default defineDrill({
  id: 'across-switchover',
  title: 'backup on one timeline, a switchover, accident and target on the next: PITR across both',
  labels: ['pitr'],
  dataset: thai('tiny'),
  before: switchover(),
  accident: inOrder(commitMark('kept'), deleteAllRows('book.tickets')),
  recovery: isolatedNodePitr({ target: beforeAccident() }),
});
