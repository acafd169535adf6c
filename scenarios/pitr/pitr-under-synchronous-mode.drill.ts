import {
  beforeAccident,
  commitMark,
  defineDrill,
  deleteAllRows,
  demand,
  inOrder,
  isolatedNodePitr,
  thai,
  until,
  type DrillSpec,
  type Recovery,
} from 'pgdrill';

/** The member that Patroni names in `/sync`: only it, and the leader, may be promoted. */
const standbyIn = (keys: Record<string, string>): string | undefined =>
  (JSON.parse(keys.sync ?? '{}') as { sync_standby?: string }).sync_standby;

const synchronous: DrillSpec['before'] = async ({ run, cluster }) => {
  const config = JSON.parse((await cluster.etcd.keys()).config ?? '{}') as object;
  await cluster.etcd.put(
    'config',
    JSON.stringify({ ...config, synchronous_mode: true, synchronous_mode_strict: true }),
  );
  const leader = await cluster.leader();
  const standby = await until('members streaming', run, async () => {
    const named = standbyIn(await cluster.etcd.keys());
    const streams = await leader.query<{ name: string }>(
      "SELECT application_name AS name FROM pg_stat_replication WHERE sync_state IN ('sync', 'quorum')",
    );
    return streams.some((row) => row.name === named) ? named : undefined;
  });
  return `synchronous, strict: ${standby} confirms each commit`;
};

const pitr = isolatedNodePitr({ target: beforeAccident() });

/** On the member that `/sync` does not name: with that key left, Patroni would never let it lead. */
const recovery: Recovery = {
  ...pitr,
  async recover(context) {
    const { cluster } = context;
    const leader = await cluster.leader();
    const standby = standbyIn(await cluster.etcd.keys());
    const node = cluster.others(leader.name).find((member) => member.name !== standby)!;
    const result = await isolatedNodePitr({ target: beforeAccident(), node: node.name }).recover(context);
    const said = result.plan!.warnings.join('; ');
    demand(/synchronous_mode_strict is on/.test(said), 'the plan warns of strict synchronous mode', said);
    return result;
  },
};

export default defineDrill({
  id: 'pitr-under-synchronous-mode',
  title: 'strict synchronous mode: PITR on the member that may not be promoted, stale /sync cleared',
  labels: ['pitr'],
  dataset: thai('tiny'),
  before: synchronous,
  accident: inOrder(commitMark('kept'), deleteAllRows('book.tickets')),
  recovery,
});
