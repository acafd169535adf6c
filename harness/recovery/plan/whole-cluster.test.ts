import { sampleFacts, sampleRequest, refusalOf } from './sample-facts';
import { planIsolatedNodePitr } from './plan-pitr';
import { planWholeClusterPitr, wholeClusterSteps, type EtcdFacts } from './whole-cluster';

const etcd: EtcdFacts = { members: ['etcd1', 'etcd2', 'etcd3'], foreignLeaders: [] };

describe('plan of a recovery with the whole cluster isolated', () => {
  test('steps › those on one node, in their order, with etcd stopped after the fence and started before its keys are cleared', () => {
    const request = sampleRequest();
    const own = planIsolatedNodePitr(request, sampleFacts()).steps.map((step) => step.id);
    const plan = planWholeClusterPitr(request, sampleFacts(), etcd);
    const ids = plan.steps.map((step) => step.id);
    expect(ids.filter((id) => !/etcd$/.test(id))).toEqual(own);
    expect(ids.indexOf('stop-etcd')).toBe(ids.indexOf('fence') + 1);
    expect(ids.indexOf('start-etcd')).toBe(ids.indexOf('clear-dcs') - 1);
    expect(ids.indexOf('clear-dcs')).toBeLessThan(ids.indexOf('lead'));
    expect(plan.strategy).toBe('whole-cluster');
    expect(plan.warnings.join()).toMatch(/whole cluster is stopped/);
  });

  test('steps › every one of its own says how it is taken back, and names every member of etcd', () => {
    const own = wholeClusterSteps(planIsolatedNodePitr(sampleRequest(), sampleFacts()).steps, etcd.members).filter(
      (step) => /etcd$/.test(step.id),
    );
    expect(own).toHaveLength(2);
    for (const step of own) {
      expect(step.undo).toBeDefined();
      expect(step.commands[0]).toMatch(/etcd1 etcd2 etcd3$/);
    }
  });

  test('refusals › common ones come from the plan on one node', () => {
    const refusal = refusalOf(() => planWholeClusterPitr(sampleRequest(), sampleFacts({ paused: true }), etcd));
    expect(refusal.code).toBe('PGDRILL_PAUSED');
  });

  test.each([
    ['mode restore', { mode: 'restore' as const }],
    ['fence cutover', { fence: 'cutover' as const }],
  ])('refusals › %s leaves members at work', (what, change) => {
    const refusal = refusalOf(() => planWholeClusterPitr(sampleRequest(change), sampleFacts(), etcd));
    expect(refusal).toMatchObject({ code: 'PGDRILL_STRATEGY_MODE', what: expect.stringContaining(what) });
  });

  test('refusals › an etcd that serves another cluster is not stopped', () => {
    const shared = { ...etcd, foreignLeaders: ['/service/other/leader'] };
    const refusal = refusalOf(() => planWholeClusterPitr(sampleRequest(), sampleFacts(), shared));
    expect(refusal).toMatchObject({
      code: 'PGDRILL_ETCD_SHARED',
      what: expect.stringContaining('/service/other/leader'),
    });
  });

  test('refusals › an etcd without known containers cannot be stopped', () => {
    const refusal = refusalOf(() => planWholeClusterPitr(sampleRequest(), sampleFacts(), { ...etcd, members: [] }));
    expect(refusal.code).toBe('PGDRILL_ETCD_UNKNOWN');
  });
});
