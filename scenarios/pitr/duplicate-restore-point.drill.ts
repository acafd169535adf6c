import {
  atLsn,
  atRestorePoint,
  commitMark,
  defineDrill,
  deleteAllRows,
  demand,
  inOrder,
  isolatedNodePitr,
  pitrRequest,
  planPitr,
  restorePoint,
  thai,
  type Recovery,
} from 'pgdrill';

const POINT = 'before the import';

/** By its name only the first can be reached: the plan says so and offers the place of the second. */
const recovery: Recovery = {
  name: 'second-of-one-name',
  title: 'PITR to the second restore point of one name, by the LSN that the plan offers',
  async recover(context) {
    const { run, cluster, incident, backup } = context;
    const byName = await planPitr(
      run,
      cluster,
      pitrRequest({
        target: atRestorePoint(POINT)(incident),
        targetTimeline: incident.before.timeline,
        backup: backup.id,
      }),
    );
    const warning = byName.warnings.find((text) => text.includes(`restore points "${POINT}"`));
    const offered = /the others are lsn:([0-9A-F]+\/[0-9A-F]+)/.exec(warning ?? '')?.[1];
    demand(offered !== undefined, 'the plan warns of the second point and offers its LSN', byName.warnings.join('; '));
    return isolatedNodePitr({ target: atLsn(offered!) }).recover(context);
  },
};

export default defineDrill({
  id: 'duplicate-restore-point',
  title: 'two restore points of one name: the plan warns that the first wins, and its lsn: reaches the second',
  labels: ['pitr'],
  dataset: thai('tiny'),
  accident: inOrder(
    commitMark('before both'),
    restorePoint(POINT),
    commitMark('between them'),
    restorePoint(POINT),
    commitMark('behind both'),
    deleteAllRows('book.tickets'),
  ),
  recovery,
});
