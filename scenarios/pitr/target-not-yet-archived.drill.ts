import {
  beforeAccident,
  commitMark,
  defineDrill,
  deleteAllRows,
  demand,
  inOrder,
  isolatedNodePitr,
  thai,
  type Recovery,
} from 'pgdrill';

const pitr = isolatedNodePitr({ target: beforeAccident() });

/** The segment of the target is the one that the leader writes: nothing of it can be archived yet. */
const recovery: Recovery = {
  ...pitr,
  async recover(context) {
    const { barman } = context.cluster;
    const leader = await context.cluster.leader();
    const { lsn } = context.incident.before;
    const segment = await leader.value(`SELECT pg_walfile_name('${lsn}')`);
    const { stdout } = await barman.exec(['find', `${barman.home}/wals`, '-name', segment]);
    demand(stdout.trim() === '', `${segment}, which holds the target ${lsn}, not in the archive yet`, stdout.trim());
    const result = await pitr.recover(context);
    demand(result.plan!.segments.includes(segment), `${segment} among the segments of the plan`, 'it is not');
    return result;
  },
};

export default defineDrill({
  id: 'target-not-yet-archived',
  title: 'the target lies in the segment that is being written: switched and awaited, not failed',
  labels: ['pitr'],
  dataset: thai('tiny'),
  accident: inOrder(commitMark('kept'), deleteAllRows('book.tickets')),
  recovery,
});
