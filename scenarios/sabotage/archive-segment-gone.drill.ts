import { beforeAccident, defineDrill, deleteAllRows, isolatedNodePitr, thai, verdict } from 'pgdrill';

/**
 * The first segment of the timeline that Patroni's start of the recovered node began. Not the newest one: each segment
 * comes twice, by archive_command and by receive-wal, and the second of the newest may still be on its way.
 */
export default defineDrill({
  id: 'archive-segment-gone',
  title: 'sabotage: a WAL segment of the recovered cluster is not in the archive',
  labels: ['sabotage'],
  dataset: thai('tiny'),
  accident: deleteAllRows('book.tickets'),
  recovery: isolatedNodePitr({ target: beforeAccident() }),
  async spoil({ cluster: { barman }, recovery }) {
    await barman.barman(['archive-wal', barman.server]);
    const timeline = (recovery.newTimeline! + 1).toString(16).toUpperCase().padStart(8, '0');
    const first = `ls -1 ${barman.home}/wals/*/* | grep -E '/${timeline}[0-9A-F]{16}$' | sort | head -n 1`;
    const { stdout } = await barman.exec(['bash', '-c', `segment=$(${first}); rm "$segment"; basename "$segment"`]);
    return `${stdout.trim()} is gone from the archive`;
  },
  expect: verdict('failed', { by: 'archive' }),
});
