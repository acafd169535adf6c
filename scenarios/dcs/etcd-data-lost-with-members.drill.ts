import { adoptAgain, defineDrill, etcdDataLost, heal } from 'pgdrill';

export default defineDrill({
  id: 'etcd-data-lost-with-members',
  title: "all of etcd's data lost while every member is down: the one with the most WAL is started first",
  labels: ['dcs'],
  accident: etcdDataLost({ membersStopped: true }),
  recovery: heal({ title: 'adopted again by hand', cures: [adoptAgain({ byHand: true })], promotions: [1, 1] }),
});
