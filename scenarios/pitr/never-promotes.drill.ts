import {
  beforeAccident,
  defineDrill,
  deleteAllRows,
  demand,
  isolatedNodePitr,
  loggedSymptom,
  recoverySteps,
  thai,
  until,
  type StepAction,
} from 'pgdrill';

/**
 * `recovery_target_action = 'pause'`, PostgreSQL's own default, left in by hand: whoever waits for a server that takes
 * writes waits for ever (patroni/patroni#2569: Patroni itself cannot tell it from any other pause).
 */
const pausedByHand: StepAction = async (site) => {
  const { run, node, result } = site;
  const before = await node.serverLog();
  const conf = `${node.dataDir}/postgresql.auto.conf`;
  await node.exec(['sh', '-c', `echo "recovery_target_action = 'pause'" >> "$1"`, 'sh', conf]);
  const settings = `-c hba_file=${node.dataDir}/pg_hba.conf -c ident_file=${node.dataDir}/pg_ident.conf`;
  const options = `-c archive_command='' -c max_logical_replication_workers=0 ${settings}`;
  const pgCtl = `${node.binDir}/pg_ctl -D ${node.dataDir} -s -W -o "${options}" start >/dev/null 2>&1`;
  await node.exec(['su', 'postgres', '-c', pgCtl]);
  const line = await loggedSymptom(run, node, /pausing at the end of recovery/, before);
  await until('symptom shown', run, async () => {
    return (await node.value('SELECT pg_get_wal_replay_pause_state()')) === 'paused';
  });
  const refused = await node.query('CREATE TABLE public.never ()').then(
    () => 'a write was taken',
    (error: Error) => error.message,
  );
  demand(refused.includes('read-only transaction'), 'the paused server takes no write', refused);
  result.symptoms = [`${node.name}: ${line}`, `${node.name}: ${refused}`];
  // The cure, as the log's own hint has it; the setting is taken out with the others once the node is stopped.
  await node.query('SELECT pg_wal_replay_resume()');
  await until('recovery finished', run, async () => (await node.inRecovery()) === false);
  return recoverySteps.replay!(site);
};

export default defineDrill({
  id: 'never-promotes',
  title: 'recovery_target_action = pause left in by hand: the server never promotes; told to resume, it does',
  labels: ['pitr'],
  dataset: thai('tiny'),
  accident: deleteAllRows('book.tickets'),
  recovery: isolatedNodePitr({ target: beforeAccident(), steps: { replay: pausedByHand } }),
});
