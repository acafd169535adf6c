import {
  beforeAccident,
  defineDrill,
  deleteAllRows,
  isolatedNodePitr,
  recoverySteps,
  thai,
  until,
  verdict,
  type StepAction,
} from 'pgdrill';

/** The leader is stopped while Patroni runs on a replica, and the fence is claimed: the replica promotes itself and takes writes. */
const leakyFence: StepAction = async (site) => {
  const { run, cluster, plan, node, result } = site;
  const leader = plan.leader!;
  const left = cluster.others(leader).find((member) => member.name !== node.name)!;
  await node.stopPatroni();
  await cluster.member(leader).stopPatroni();
  const claimed = new Date().toISOString();
  await until('leader elected', run, async () => (await left.inRecovery()) === false);
  const written = async () => Number(await left.value('SELECT max(seq) FROM ledger.entry', 'ledger'));
  const promotedAt = await written();
  await until('writes resumed', run, async () => (await written()) > promotedAt + 20);
  const done = await recoverySteps.fence!(site);
  result.fencedAt = claimed;
  return `${done}, after ${left.name} had taken writes`;
};

export default defineDrill({
  id: 'old-branch-promotes',
  title: 'sabotage: the fence leaves a replica running, which promotes itself and takes writes',
  labels: ['sabotage'],
  dataset: thai('tiny'),
  accident: deleteAllRows('book.tickets'),
  recovery: isolatedNodePitr({ target: beforeAccident(), steps: { fence: leakyFence } }),
  expect: verdict('failed', { by: 'acknowledged-writes' }),
});
