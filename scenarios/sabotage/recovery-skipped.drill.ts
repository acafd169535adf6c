import { defineDrill, deleteAllRows, thai, verdict } from 'pgdrill';

export default defineDrill({
  id: 'recovery-skipped',
  title: 'sabotage: the accident struck and nobody recovered',
  labels: ['sabotage', 'smoke'],
  dataset: thai('tiny'),
  accident: deleteAllRows('book.tickets'),
  recovery: () => Promise.resolve({ strategy: 'none', outcome: 'skipped', durationMs: 0 }),
  expect: verdict('failed', { by: ['acknowledged-writes', 'archive', 'content', 'stop-point', 'timeline'] }),
});
