import {
  captureMoment,
  commitMark,
  defineDrill,
  earlierPitr,
  inOrder,
  isolatedNodePitr,
  latest,
  thai,
  type Accident,
} from 'pgdrill';

/** A recovery that nobody needed, to the end of the backup: all that was committed since is gone from the cluster. */
const recoveredTooEarly: Accident = {
  name: 'recovered-too-early',
  title: 'PITR to the end of the backup, by mistake',
  async strike(context) {
    const leader = await context.cluster.leader();
    const before = await leader.use(captureMoment);
    const rows = async () => {
      const now = await context.cluster.leader();
      return now.value("SELECT count(*) FROM pg_class WHERE relname = 'mark'", 'ledger');
    };
    const was = await rows();
    const noted = (await earlierPitr({ kind: 'immediate' })(context))?.noted ?? {};
    const left = await rows();
    return {
      accident: 'recovered-too-early',
      title: 'PITR to the end of the backup, by mistake',
      member: leader.name,
      before,
      struckAt: new Date().toISOString(),
      proof: {
        took: was === '1' && left === '0',
        expected: 'the marked row is gone',
        found: `${was} before, ${left} left`,
      },
      noted,
    };
  },
};

export default defineDrill({
  id: 'back-to-abandoned-timeline',
  title: 'a PITR undone: back onto the timeline that it left behind, with every write acknowledged there',
  labels: ['pitr'],
  dataset: thai('tiny'),
  accident: inOrder(commitMark('kept'), recoveredTooEarly),
  recovery: isolatedNodePitr({ target: latest() }),
});
