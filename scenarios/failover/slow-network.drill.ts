import { defineDrill, heal, mend, slowNetwork } from 'pgdrill';

export default defineDrill({
  id: 'slow-network',
  title: 'what the leader sends is late, and some of it lost: writes go on, slowly',
  labels: ['failover'],
  accident: slowNetwork({ on: 'leader', delayMs: 100, jitterMs: 20, lossPercent: 1 }),
  recovery: heal({ title: 'by the network, once it is as fast as before', cures: [mend()], promotions: [0, 1] }),
});
