import { beforeAccident, defineDrill, everyAccidentMisses, isolatedNodePitr, thai, verdict } from 'pgdrill';

export default defineDrill({
  id: 'power-loss-misses',
  title: 'sabotage: a power loss that is none must not say that it took effect',
  labels: ['sabotage'],
  dataset: thai('tiny'),
  disks: { ownFileSystem: true },
  accident: everyAccidentMisses({}, ['power-loss']),
  recovery: isolatedNodePitr({ target: beforeAccident() }),
  expect: verdict('unverified', { by: 'accident' }),
});
