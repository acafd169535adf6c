import { awaitPromotion, defineDrill, freezeMember, heal, mend, stepDown } from 'pgdrill';

export default defineDrill({
  id: 'freeze-leader',
  title: 'the leader frozen until another member leads, then thawed: what it acknowledges then is counted',
  labels: ['failover'],
  accident: freezeMember({ on: 'leader' }),
  recovery: heal({
    title: 'by Patroni itself, once the old leader is thawed and has stepped down',
    cures: [awaitPromotion(), mend(), stepDown()],
    // Twice where the thawed one takes the key back.
    promotions: [1, 2],
    loss: true,
  }),
});
