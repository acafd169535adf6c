import {
  beforeAccident,
  defineDrill,
  deleteAllRows,
  isolatedNodePitr,
  recoverySteps,
  thai,
  until,
  type Check,
  type StepAction,
} from 'pgdrill';

/**
 * As a published script has it: Patroni is stopped on one member after the other, the leader first. While the next
 * command is typed, a replica whose Patroni still runs promotes itself and acknowledges writes.
 */
const stopOneByOne: StepAction = async (site) => {
  const { run, cluster, plan, node } = site;
  const leader = cluster.member(plan.leader!);
  const left = cluster.others(leader.name).find((member) => member.name !== node.name)!;
  await node.stopPatroni();
  await leader.stopPatroni();
  await until('leader elected', run, async () => (await left.inRecovery()) === false);
  const written = async () => Number(await left.value('SELECT max(seq) FROM ledger.entry', 'ledger'));
  const promotedAt = await written();
  await until('writes resumed', run, async () => (await written()) > promotedAt + 20);
  return `${await recoverySteps.fence!(site)}; ${left.name} had promoted itself meanwhile`;
};

/** Red when nobody promoted: then nothing was shown. With the fence that pgdrill makes, there is no such member. */
const thrownAway: Check = {
  id: 'acknowledged-while-stopping',
  version: 1,
  title:
    'a replica that promoted itself while members were stopped acknowledged writes, and the recovery discards them',
  oracle: 2,
  applies: () => true,
  examine({ episode, index }) {
    const plan = episode.recovery?.plan;
    const terms = episode.clusters.main?.ledger?.terms;
    const place = { check: 'acknowledged-while-stopping', episode: index, cluster: 'main' };
    const expected = 'writes acknowledged on the old branch while members were stopped, all discarded';
    if (!plan || !terms) return [{ ...place, status: 'unverified', expected, found: 'no plan, or no ledger' }];
    const old = terms.find((term) => term.timeline === plan.targetTimeline + 1 && term.member !== plan.node);
    const found = old
      ? `${old.acknowledged}, by ${old.member} on timeline ${old.timeline}, ${old.firstAcknowledgedAt} to ${old.lastAcknowledgedAt}`
      : 'nobody promoted itself';
    return [{ ...place, status: (old?.acknowledged ?? 0) > 0 ? 'ok' : 'failed', expected, found }];
  },
};

export default defineDrill({
  id: 'members-stopped-one-by-one',
  title: 'members stopped one after another, leader first: a replica promotes itself, and what it acknowledges is lost',
  labels: ['pitr'],
  dataset: thai('tiny'),
  accident: deleteAllRows('book.tickets'),
  recovery: isolatedNodePitr({ target: beforeAccident(), steps: { fence: stopOneByOne } }),
  checks: [thrownAway],
});
