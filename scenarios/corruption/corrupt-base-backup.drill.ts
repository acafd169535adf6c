import {
  backupFile,
  beforeAccident,
  defineDrill,
  deleteAllRows,
  demand,
  isolatedNodePitr,
  makeBackup,
  sequence,
  soundBackup,
  thai,
} from 'pgdrill';

/** `barman check-backup` finds no fault with it, and a server restored from it starts. */
export default defineDrill({
  id: 'corrupt-base-backup',
  title: 'a byte of the newest base backup is another: its manifest tells, and the one before it is recovered from',
  labels: ['corruption'],
  dataset: thai('tiny'),
  async before({ run, cluster }) {
    const { id } = await makeBackup(run, cluster);
    return `a second base backup, ${id}`;
  },
  accident: sequence(backupFile(), deleteAllRows('book.tickets')),
  async recovery(context) {
    const { backup, file } = context.incident.noted!;
    const { id, damaged } = await soundBackup(context.cluster);
    const said = damaged.flatMap((one) => one.problems.map((problem) => `backup ${one.backup}: ${problem}`));
    demand(
      said.some((line) => line.includes(backup!) && line.includes(file!)),
      `${file} of ${backup} named`,
      said.join('; '),
    );
    demand(id !== backup, 'an older backup', id);
    const result = await isolatedNodePitr({ target: beforeAccident(), backup: id }).recover(context);
    return { ...result, symptoms: said };
  },
});
