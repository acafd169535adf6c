import {
  commitMark,
  defineDrill,
  demand,
  dynamicConfig,
  inOrder,
  isolatedNodePitr,
  latest,
  loseDataDirectories,
  thai,
  until,
  type DrillSpec,
} from 'pgdrill';

/**
 * Barman's receiver confirms each commit (Barman's documentation, "Synchronous WAL streaming"): what was acknowledged is
 * in its spool, by however little the servers were killed later. It asks for this when it starts.
 */
const confirmedByBarman: DrillSpec['before'] = async ({ run, cluster }) => {
  const { barman } = cluster;
  const done = await dynamicConfig({ synchronous_standby_names: 'barman_receive_wal' })({ run, cluster });
  await barman.stopReceiving();
  await barman.startReceiving();
  const leader = await cluster.leader();
  const sql =
    "SELECT count(*) FROM pg_stat_replication WHERE application_name = 'barman_receive_wal' AND sync_state = 'sync'";
  await until('barman connected', run, async () => (await leader.value(sql)) === '1');
  const { stdout } = await barman.exec(['sh', '-c', 'cat /proc/[0-9]*/cmdline | tr "\\0" " "']);
  demand(
    /pg_receivewal .*--synchronous/.test(stdout),
    'receive-wal confirms what it has flushed',
    stdout.slice(0, 400),
  );
  return done;
};

const pitr = isolatedNodePitr({ target: latest() });

/** One member, whose data directory is lost with its pg_wal: what was written last is in one place, and that is unfinished. */
export default defineDrill({
  id: 'partial-wal',
  title:
    "the last minutes are only in receive-wal's unfinished segment: PITR to the latest loses no acknowledged write",
  labels: ['pitr'],
  dataset: thai('tiny'),
  nodes: 1,
  before: confirmedByBarman,
  accident: inOrder(commitMark('kept'), loseDataDirectories({ wal: true })),
  async recovery(context) {
    const result = await pitr.recover(context);
    demand(
      result.plan?.usePartial === true,
      'the plan takes the unfinished segment in',
      JSON.stringify(result.plan?.usePartial),
    );
    return result;
  },
});
