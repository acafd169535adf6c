import { checkFinds, defineDrill, duplicateWal, heal, mend, thai, type Cure } from 'pgdrill';

/** Barman says so once, and ends with 0; from then on only `barman check` tells. */
const noticed: Cure = {
  id: 'noticed',
  title: 'what barman archive-wal said',
  does({ incident, symptoms }) {
    const said = incident.noted?.['barman archive-wal'] ?? 'nothing';
    symptoms.push(`barman archive-wal: ${said}`);
    return Promise.resolve(said);
  },
};

export default defineDrill({
  id: 'duplicate-wal-to-errors',
  title: 'a segment of the same name and another content: "File moved to errors directory", what is archived stays',
  labels: ['archive'],
  dataset: thai('tiny'),
  accident: duplicateWal(),
  recovery: heal({
    title: 'the copy taken out of errors',
    cures: [noticed, checkFinds('archiver errors'), mend()],
  }),
});
