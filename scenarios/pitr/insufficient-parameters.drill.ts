import {
  beforeAccident,
  defineDrill,
  deleteAllRows,
  demand,
  dynamicConfig,
  isolatedNodePitr,
  loggedSymptom,
  recoverySteps,
  thai,
  type Recovery,
  type StepAction,
} from 'pgdrill';

const raised = { max_connections: 140, max_prepared_transactions: 5 };

/** First as a person would start it, with the backup's own configuration; then as pgdrill does. */
const startTwice: StepAction = async (site) => {
  const { run, node, result } = site;
  const before = await node.serverLog();
  const settings = `-c hba_file=${node.dataDir}/pg_hba.conf -c ident_file=${node.dataDir}/pg_ident.conf`;
  const pgCtl = (what: string) =>
    node.exec(['su', 'postgres', '-c', `${node.binDir}/pg_ctl -D ${node.dataDir} -s ${what} >/dev/null 2>&1`], {
      check: false,
    });
  await pgCtl(`-W -o "-c archive_command='' ${settings}" start`);
  const line = await loggedSymptom(run, node, /insufficient parameter settings/, before);
  result.symptoms = [...(result.symptoms ?? []), `${node.name}: ${line}`];
  // Readable by then, it pauses there for ever; before that it ends by itself.
  await pgCtl('-w -m fast stop');
  return recoverySteps.replay!(site);
};

const pitr = isolatedNodePitr({ target: beforeAccident(), steps: { replay: startTwice } });

const recovery: Recovery = {
  ...pitr,
  async recover(context) {
    const result = await pitr.recover(context);
    for (const node of context.cluster.nodes) {
      for (const [name, value] of Object.entries(raised)) {
        const found = await node.value(`SHOW ${name}`);
        demand(found === String(value), `${name} = ${value} on ${node.name}, as in the DCS`, found);
      }
    }
    return result;
  },
};

export default defineDrill({
  id: 'insufficient-parameters',
  title:
    'max_connections raised after the backup: "recovery aborted because of insufficient parameter settings", avoided',
  labels: ['pitr'],
  dataset: thai('tiny'),
  before: dynamicConfig(raised),
  accident: deleteAllRows('book.tickets'),
  recovery,
});
