import { beforeAccident, defineDrill, deleteAllRows, isolatedNodePitr, thai, verdict } from 'pgdrill';

export default defineDrill({
  id: 'archive-hole-between-timelines',
  title: 'sabotage: the history file of the recovery’s timeline is not in the archive',
  labels: ['sabotage'],
  dataset: thai('tiny'),
  accident: deleteAllRows('book.tickets'),
  recovery: isolatedNodePitr({ target: beforeAccident() }),
  async spoil({ cluster: { barman }, recovery }) {
    const name = `${recovery.newTimeline!.toString(16).toUpperCase().padStart(8, '0')}.history`;
    await barman.exec(['rm', `${barman.home}/wals/${name}`]);
    return `${name} is gone from the archive`;
  },
  expect: verdict('failed', { by: 'archive' }),
});
