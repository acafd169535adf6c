import { defineDrill, heal, keysBack, namespaceCleared } from 'pgdrill';

export default defineDrill({
  id: 'wrong-namespace-cleared',
  title: "the scope of a cluster that runs cleared instead of another one's: the leader takes its key again",
  labels: ['dcs'],
  accident: namespaceCleared(),
  recovery: heal({ title: 'by Patroni itself', cures: [keysBack()] }),
});
