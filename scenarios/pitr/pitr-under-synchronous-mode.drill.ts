import {
  beforeAccident,
  commitMark,
  defineDrill,
  deleteAllRows,
  demand,
  inOrder,
  isolatedNodePitr,
  synchronousMode,
  synchronousStandby,
  thai,
  type Recovery,
} from 'pgdrill';

const pitr = isolatedNodePitr({ target: beforeAccident() });

/** On the member that `/sync` does not name: with that key left, Patroni would never let it lead. */
const recovery: Recovery = {
  ...pitr,
  async recover(context) {
    const { cluster } = context;
    const leader = await cluster.leader();
    const standby = synchronousStandby(await cluster.etcd.keys(), leader.name);
    const node = cluster.others(leader.name).find((member) => member.name !== standby)!;
    const result = await isolatedNodePitr({ target: beforeAccident(), node: node.name }).recover(context);
    const said = result.plan!.warnings.join('; ');
    demand(/synchronous_mode_strict is on/.test(said), 'the plan warns of strict synchronous mode', said);
    return result;
  },
};

export default defineDrill({
  id: 'pitr-under-synchronous-mode',
  title: 'strict synchronous mode: PITR on the member that may not be promoted, stale /sync cleared',
  labels: ['pitr'],
  dataset: thai('tiny'),
  before: synchronousMode({ strict: true }),
  accident: inOrder(commitMark('kept'), deleteAllRows('book.tickets')),
  recovery,
});
