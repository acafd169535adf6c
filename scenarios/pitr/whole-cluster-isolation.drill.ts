import { beforeAccident, defineDrill, deleteAllRows, thai, wholeClusterPitr } from 'pgdrill';

export default defineDrill({
  id: 'whole-cluster-isolation',
  title: 'PITR with every member and etcd stopped: nothing can elect anybody while one node is recovered',
  labels: ['pitr'],
  dataset: thai('tiny'),
  accident: deleteAllRows('book.tickets'),
  recovery: wholeClusterPitr({ target: beforeAccident() }),
});
