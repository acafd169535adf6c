import {
  atTime,
  commitMark,
  defineDrill,
  demand,
  holdWriters,
  inOrder,
  isolatedNodePitr,
  relationFile,
  noted,
  thai,
  type Accident,
  type HeldWriters,
  type Recovery,
} from 'pgdrill';

let held: HeldWriters | undefined;

/** At night: the last commit is behind us, and the target lies after it. */
const night = inOrder(
  commitMark('last of the day'),
  async ({ run, cluster }) => {
    held = await holdWriters(run, cluster);
    const leader = await cluster.leader();
    const time = await leader.value(
      `SELECT to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US') || '+00'`,
    );
    return { noted: { 'after the last commit': time } };
  },
  relationFile({ relation: 'book.tickets' }),
);

const pitr = isolatedNodePitr({ target: atTime(noted('after the last commit')) });

const recovery: Recovery = {
  ...pitr,
  async recover(context) {
    const result = await pitr.recover(context);
    const said = result.plan!.warnings.join('; ');
    demand(
      /nothing has ended since the target/.test(said),
      'the plan says that nothing has ended since the target',
      said,
    );
    await held?.release();
    return result;
  },
};

const accident: Accident = { ...night, stopsWrites: true };

/**
 * Two switches and a checkpoint would not do: "recovery ended before configured recovery target was reached". One commit
 * that is later than the target does, and step archive-tail makes it.
 */
export default defineDrill({
  id: 'target-on-idle-cluster',
  title: 'nothing was committed after the target: the plan says so, and one commit and a switch cure it',
  labels: ['pitr'],
  dataset: thai('tiny'),
  accident,
  recovery,
});
