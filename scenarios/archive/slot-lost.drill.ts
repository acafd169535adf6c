import { awaitSymptom, checkFinds, defineDrill, heal, mend, slotLost, thai } from 'pgdrill';

/** Each commit since is only on the members; what archive_command brings comes a segment at a time. */
export default defineDrill({
  id: 'slot-lost',
  title: 'Barman\'s slot dropped while receive-wal was away: "requested WAL segment … has already been removed"',
  labels: ['archive'],
  dataset: thai('tiny'),
  accident: slotLost(),
  recovery: heal({
    title: 'the slot made permanent again, receive-wal reset',
    cures: [
      awaitSymptom('leader', /requested WAL segment [0-9A-F]+ has already been removed/),
      checkFinds('receive wal running'),
      mend(),
    ],
  }),
});
