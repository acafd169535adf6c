import { beforeAccident, defineDrill, deleteAllRows, isolatedNodePitr, thai, verdict } from 'pgdrill';

export default defineDrill({
  id: 'archive-segment-gone',
  title: 'sabotage: a WAL segment of the recovered cluster is not in the archive',
  labels: ['sabotage'],
  dataset: thai('tiny'),
  accident: deleteAllRows('book.tickets'),
  recovery: isolatedNodePitr({ target: beforeAccident() }),
  async spoil({ cluster: { barman } }) {
    const newest = `ls -1 ${barman.home}/wals/*/* | grep -E '/[0-9A-F]{24}$' | sort | tail -n 1`;
    const { stdout } = await barman.exec(['bash', '-c', `segment=$(${newest}); rm "$segment"; basename "$segment"`]);
    return `${stdout.trim()} is gone from the archive`;
  },
  expect: verdict('failed', { by: 'archive', unverified: 'acknowledged-writes' }),
});
