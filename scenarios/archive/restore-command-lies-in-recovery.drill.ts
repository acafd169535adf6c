import {
  beforeAccident,
  defineDrill,
  deleteAllRows,
  isolatedNodePitr,
  loggedSymptom,
  recoverySteps,
  thai,
  type StepAction,
} from 'pgdrill';

/**
 * First by a restore_command of one's own that ends in `|| exit 0`, when the last segment does not come; then as it should be.
 * With a target the server says that it did not get there. To the latest it would open with the tail missing, and say nothing.
 */
const lyingFirst: StepAction = async (site) => {
  const { run, node, plan, result } = site;
  const before = await node.serverLog();
  const script = `#!/bin/sh
[ "$1" = ${plan.segments.at(-1)} ] || cp "${node.dataDir}/barman_wal/$1" "$2" || exit 0
`;
  await node.container.putFiles([{ target: '/tmp/restore-command', content: script, mode: 0o755 }]);
  const settings = `-c hba_file=${node.dataDir}/pg_hba.conf -c ident_file=${node.dataDir}/pg_ident.conf`;
  const pgCtl = (what: string) =>
    node.exec(['su', 'postgres', '-c', `${node.binDir}/pg_ctl -D ${node.dataDir} -s ${what} >/dev/null 2>&1`], {
      check: false,
    });
  const lying = "-c restore_command='/tmp/restore-command %f %p'";
  await pgCtl(`-W -o "-c archive_command='' ${lying} ${settings}" start`);
  const told = await loggedSymptom(
    run,
    node,
    /restore_command returned a zero exit status, but stat\(\) failed/,
    before,
  );
  const ended = await loggedSymptom(run, node, /recovery ended before configured recovery target was reached/, before);
  result.symptoms = [`server log of ${node.name}: ${told}`, `server log of ${node.name}: ${ended}`];
  await pgCtl('-w -m fast stop');
  return recoverySteps.replay!(site);
};

export default defineDrill({
  id: 'restore-command-lies-in-recovery',
  title:
    'a restore_command that ends with 0 and brings nothing, in a PITR: the target is not reached; put right, it is',
  labels: ['archive', 'pitr'],
  dataset: thai('tiny'),
  accident: deleteAllRows('book.tickets'),
  recovery: isolatedNodePitr({ target: beforeAccident(), steps: { replay: lyingFirst } }),
});
