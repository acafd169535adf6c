import {
  beforeAccident,
  defineDrill,
  deleteAllRows,
  demand,
  isolatedNodePitr,
  recoverySteps,
  thai,
  type StepAction,
} from 'pgdrill';

/**
 * Removed by hand, as old advice has it for a server that "does not start because of backup_label". PostgreSQL would start, replay
 * from the control file's checkpoint, and say nothing of what is missing.
 */
const withoutLabel: StepAction = async (site) => {
  const { node, backup, result } = site;
  const { barman } = site.cluster;
  const label = `${node.dataDir}/backup_label`;
  const { stdout: content } = await barman.exec(['cat', `${barman.home}/base/${backup.id}/data/backup_label`]);
  await node.exec(['rm', label]);
  const refusal = await recoverySteps.replay!(site).then(
    () => 'started',
    ({ code, what }: { code?: string; what?: string }) => `${code}: ${what}`,
  );
  demand(refusal.startsWith('PGDRILL_BACKUP_LABEL_LOST'), 'not started without its label', refusal);
  demand(!(await node.hasPostmaster()), 'no server', `one runs on ${node.name}`);
  result.symptoms = [`${node.name}: ${refusal}`];
  await node.container.putFiles([{ target: label, content, mode: 0o600 }]);
  await node.exec(['chown', `${node.osUser}:`, label]);
  return recoverySteps.replay!(site);
};

export default defineDrill({
  id: 'lost-backup-label',
  title: 'backup_label removed from the restored data directory: not started; put back from Barman’s copy, recovered',
  labels: ['corruption'],
  dataset: thai('tiny'),
  accident: deleteAllRows('book.tickets'),
  recovery: isolatedNodePitr({ target: beforeAccident(), steps: { replay: withoutLabel } }),
});
