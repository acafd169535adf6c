import {
  archiveCommandOnly,
  archiveDown,
  awaitPromotion,
  checkQuiet,
  defineDrill,
  failOverAtOnce,
  heal,
  holdWriters,
  killPostmaster,
  latest,
  mend,
  planAccepted,
  planRefused,
  rearchiveSegments,
  receiveBeside,
  segmentArrives,
  sequence,
  thai,
  type Operation,
} from 'pgdrill';

/** Until the leader is gone, so that no write is lost with it: this is about the archive. */
const heldWriters: Operation = async ({ run, cluster }) => {
  await holdWriters(run, cluster);
};

/**
 * What waits in pg_wal of the old leader is counted as archived by the new one, which had it by streaming: it archives only what
 * it writes itself (PostgreSQL documentation, `archive_mode`).
 */
export default defineDrill({
  id: 'postmaster-killed-with-segments-pending',
  title: 'the leader is killed with segments that wait to be archived: the new one never archives them',
  labels: ['archive', 'failover'],
  dataset: thai('tiny'),
  async before(context) {
    return `${await archiveCommandOnly()(context)}; ${await failOverAtOnce()(context)}`;
  },
  accident: sequence(archiveDown(), heldWriters, killPostmaster()),
  recovery: heal({
    title: 'what is missing archived once more, by the new leader',
    promotions: [1, 1],
    cures: [
      awaitPromotion(),
      mend(),
      segmentArrives(),
      checkQuiet(),
      planRefused(latest(), 'PGDRILL_WAL_GAP'),
      rearchiveSegments(),
      // Before the switchover: the old leader archives them itself once it leads again, if its pg_wal is not copied anew.
      planAccepted(latest()),
      receiveBeside(),
    ],
  }),
});
