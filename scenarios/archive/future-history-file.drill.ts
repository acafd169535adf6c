import {
  defineDrill,
  demand,
  futureHistory,
  isolatedNodePitr,
  latest,
  loggedSymptom,
  recoverySteps,
  thai,
  type StepAction,
} from 'pgdrill';

/** As most recoveries are configured: the timeline `latest` follows whatever history file lies in the archive. */
const latestTimelineFirst: StepAction = async (site) => {
  const { run, node, plan, result } = site;
  demand(
    plan.newTimeline === plan.targetTimeline + 2,
    'the plan to pass over the number that the archive has',
    `timeline ${plan.newTimeline} from ${plan.targetTimeline}`,
  );
  const before = await node.serverLog();
  const settings = `-c hba_file=${node.dataDir}/pg_hba.conf -c ident_file=${node.dataDir}/pg_ident.conf`;
  const pgCtl = (what: string) =>
    node.exec(['su', 'postgres', '-c', `${node.binDir}/pg_ctl -D ${node.dataDir} -s ${what} >/dev/null 2>&1`], {
      check: false,
    });
  await pgCtl(`-W -o "-c archive_command='' -c recovery_target_timeline=latest ${settings}" start`);
  const line = await loggedSymptom(run, node, /requested timeline \d+ is not a child of this server's history/, before);
  result.symptoms = [`server log of ${node.name}: ${line}`];
  await pgCtl('-w -m fast stop');
  return recoverySteps.replay!(site);
};

export default defineDrill({
  id: 'future-history-file',
  title:
    'the archive has the history of a timeline that never was: `latest` goes astray, an explicit timeline does not',
  labels: ['archive', 'pitr'],
  dataset: thai('tiny'),
  accident: futureHistory(),
  recovery: isolatedNodePitr({ target: latest(), steps: { replay: latestTimelineFirst } }),
});
