import { defineDrill, heal, mend, restoreCommandLies, thai, type Cure } from 'pgdrill';

/** A restore_command that fails says so by its exit code, and the server tries again; this one says that there is no more. */
const noticed: Cure = {
  id: 'noticed',
  title: 'what the replica logged',
  does({ incident, symptoms }) {
    const line = incident.noted?.symptom ?? 'nothing';
    symptoms.push(`server log of a replica: ${line}`);
    return Promise.resolve(line);
  },
};

export default defineDrill({
  id: 'restore-command-lies',
  title: 'restore_command ends with 0 and brings nothing: only the server log of the replicas tells',
  labels: ['archive'],
  dataset: thai('tiny'),
  accident: restoreCommandLies(),
  recovery: heal({ title: 'restore_command as it was', cures: [noticed, mend()] }),
});
