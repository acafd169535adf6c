import { defineDrill, heal, mend, patroniSays, quorumLost, refusesWrites } from 'pgdrill';

export default defineDrill({
  id: 'etcd-quorum-lost',
  title: 'etcd without a quorum: the leader demotes itself, nobody takes a write until etcd is back',
  labels: ['dcs'],
  accident: quorumLost(),
  recovery: heal({
    title: 'etcd started again',
    cures: [
      patroniSays(/demot(ing|ed) self because DCS is not accessible and I was a leader/),
      refusesWrites(),
      mend(),
    ],
    promotions: [1, 1],
  }),
});
