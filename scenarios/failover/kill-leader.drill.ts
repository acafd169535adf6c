import { awaitPromotion, defineDrill, heal, killContainer, mend } from 'pgdrill';

export default defineDrill({
  id: 'kill-leader',
  title: "the leader's container killed: another member is promoted, the old one comes back as a replica",
  labels: ['failover'],
  accident: killContainer({ on: 'leader' }),
  recovery: heal({
    title: 'by Patroni itself, the machine started again',
    cures: [awaitPromotion(), mend()],
    promotions: [1, 1],
    loss: true,
  }),
});
