import { adoptAgain, defineDrill, etcdDataLost, heal } from 'pgdrill';

export default defineDrill({
  id: 'etcd-data-lost',
  title: "all of etcd's data lost under members that run: Patroni adopts the cluster with its data",
  labels: ['dcs'],
  accident: etcdDataLost(),
  recovery: heal({ title: 'adopted again', cures: [adoptAgain()], promotions: [0, 1] }),
});
