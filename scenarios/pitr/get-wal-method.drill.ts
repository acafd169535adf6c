import { beforeAccident, defineDrill, deleteAllRows, demand, isolatedNodePitr, recoverySteps, thai } from 'pgdrill';

export default defineDrill({
  id: 'get-wal-method',
  title: 'the WAL fetched segment by segment through `barman get-wal`',
  labels: ['pitr'],
  dataset: thai('tiny'),
  accident: deleteAllRows('book.tickets'),
  recovery: isolatedNodePitr({
    target: beforeAccident(),
    walMethod: 'barman-get-wal',
    steps: {
      // What Barman copied along would serve first: without it, everything has to come through get-wal.
      restore: async (site) => {
        const done = await recoverySteps.restore!(site);
        const { node } = site;
        await node.exec(['rm', '-rf', `${node.dataDir}/barman_wal`]);
        const { stdout } = await node.exec(['cat', `${node.dataDir}/postgresql.auto.conf`]);
        demand(/ssh \S+ "barman get-wal /.test(stdout), 'restore_command asks barman get-wal', stdout);
        return `${done}; no WAL beside it`;
      },
    },
  }),
});
