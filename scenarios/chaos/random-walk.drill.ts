import { chaosWalk, defineDrill, heal, synchronousMode } from 'pgdrill';

/** `pgdrill chaos --for 10m` sets it. */
const lasting = process.env.PGDRILL_CHAOS_FOR ?? '60s';

export default defineDrill({
  id: 'random-walk',
  title: 'accidents at random, decided by the seed: nothing acknowledged is lost',
  labels: ['chaos'],
  before: synchronousMode(),
  accident: chaosWalk({ for: lasting }),
  // Each step may promote a member once or twice.
  recovery: heal({ title: 'by Patroni itself', promotions: [0, 10_000] }),
});
