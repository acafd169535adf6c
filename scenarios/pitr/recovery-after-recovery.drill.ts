import {
  beforeAccident,
  commitMark,
  defineDrill,
  deleteAllRows,
  demand,
  earlierPitr,
  inOrder,
  isolatedNodePitr,
  thai,
  type DrillSpec,
} from 'pgdrill';

/**
 * What earlier recoveries by hand leave in postgresql.auto.conf. Text edits stumble over the comments ("syntax error in
 * file"), and a second target beside the new one is "multiple recovery targets specified".
 */
const leftOvers = `
# recovery_target_time = '2020-01-01 00:00:00+00'   # it's from the first recovery
#BARMAN#recovery_target_timeline = '1'
restore_command = 'false'
recovery_target_name = 'of the first recovery'
recovery_target_action = 'shutdown'
`;

const before: DrillSpec['before'] = async (context) => {
  const { cluster } = context;
  const { barman } = cluster;
  await earlierPitr({ kind: 'latest' })(context);
  const leader = await cluster.leader();
  const file = `${leader.dataDir}/postgresql.auto.conf`;
  await leader.exec(['sh', '-c', `printf %s "$1" >> ${file}`, 'sh', leftOvers]);
  await barman.barman(['backup', '--wait', barman.server], { deadline: 'backup made' });
  const text = (await leader.exec(['cat', file])).stdout;
  demand(text.includes('of the first recovery'), 'settings of the first recovery in the backup', text);
  return `recovered once, timeline ${await leader.writtenTimeline()}; its settings are still in the files`;
};

export default defineDrill({
  id: 'recovery-after-recovery',
  title: 'a second PITR on a cluster whose files still carry the settings and comments of the first',
  labels: ['pitr'],
  dataset: thai('tiny'),
  before,
  accident: inOrder(commitMark('kept'), deleteAllRows('book.tickets')),
  recovery: isolatedNodePitr({ target: beforeAccident(), backup: 'latest' }),
});
