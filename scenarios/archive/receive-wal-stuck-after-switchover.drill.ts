import {
  awaitSymptom,
  checkFinds,
  defineDrill,
  heal,
  holdWriters,
  mend,
  receiveWalStuck,
  sequence,
  thai,
} from 'pgdrill';

/** The writers are held until the old leader is gone: no write is lost with it, only WAL that nobody was told of. */
export default defineDrill({
  id: 'receive-wal-stuck-after-switchover',
  title: 'receive-wal is ahead of the new leader: "requested starting point … is not in this server\'s history"',
  labels: ['archive', 'failover'],
  dataset: thai('tiny'),
  accident: sequence(async ({ run, cluster }) => {
    await holdWriters(run, cluster);
  }, receiveWalStuck()),
  recovery: heal({
    title: 'receive-wal reset',
    promotions: [1, 1],
    cures: [
      awaitSymptom('leader', /requested starting point \S+ on timeline \d+ is not in this server's history/),
      checkFinds('receive wal running'),
      mend(),
    ],
  }),
});
