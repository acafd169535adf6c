import { beforeAccident, commitMark, defineDrill, deleteAllRows, inOrder, interruptedPitr, thai } from 'pgdrill';

export default defineDrill({
  id: 'interrupted-recovery',
  title: 'a PITR whose process is killed again and again, each time resumed by another: nothing is lost by it',
  labels: ['pitr'],
  dataset: thai('tiny'),
  accident: inOrder(commitMark('kept'), deleteAllRows('book.tickets')),
  recovery: interruptedPitr({
    target: beforeAccident(),
    cuts: [
      { at: 'fence', inside: true },
      { at: 'restore', inside: true },
      { at: 'replay', inside: true },
      { at: 'stop-isolated' },
      { at: 'lead', inside: true },
      { at: 'rejoin', inside: true },
      { at: 'fresh-backup', inside: true },
    ],
  }),
});
