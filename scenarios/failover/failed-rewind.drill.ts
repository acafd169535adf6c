import {
  awaitPromotion,
  defineDrill,
  heal,
  holdWriters,
  inOrder,
  killContainer,
  mend,
  patchStoredConfig,
  patroniSays,
  reinit,
  until,
  type Operation,
} from 'pgdrill';

const receivers = (signal: string) => ['pkill', `-${signal}`, '-f', 'postgres: .*walreceiver'];
const SEGMENTS = 3;

/**
 * WAL that no replica gets, some segments of it, and a checkpoint at its end. None of it is anybody's write: the writers wait,
 * and replicas have all of theirs.
 */
const goOnAlone: Operation = async ({ run, cluster }) => {
  const leader = await cluster.leader();
  await holdWriters(run, cluster);
  const lsn = await leader.value('SELECT pg_current_wal_insert_lsn()');
  for (const node of cluster.others(leader.name)) {
    await until('replay caught up', run, async () => {
      return (await node.value(`SELECT pg_last_wal_replay_lsn() >= '${lsn}'`)) === 'true';
    });
    await node.exec(receivers('STOP'));
  }
  for (let nth = 0; nth < SEGMENTS; nth += 1) {
    await leader.query(`SELECT pg_logical_emit_message(true, 'pgdrill', repeat('x', 16000000))`);
    await leader.query('SELECT pg_switch_wal()');
  }
  await leader.query('CHECKPOINT');
  return { noted: { 'went on alone': leader.name } };
};

/** As checkpoints do in time: pg_wal of the dead leader begins where its last checkpoint needs it. */
const recycle: Operation = async ({ cluster }) => {
  const running = await Promise.all(cluster.nodes.map(({ container }) => container.isRunning()));
  for (const [index, node] of cluster.nodes.entries()) {
    if (running[index]) {
      await node.exec(receivers('CONT'), { check: false });
      continue;
    }
    const data = cluster.barman.pathOf(node.name)!;
    const script = `redo=$("$2" "$1" | sed -n "s/^Latest checkpoint's REDO WAL file: *//p") && cd "$1/pg_wal" &&
for file in $(ls | grep -Ex '[0-9A-F]{24}'); do [ "$file" \\< "$redo" ] && rm "$file"; done; true`;
    await cluster.barman.exec(['bash', '-c', script, 'bash', data, cluster.barman.program('pg_controldata')]);
  }
};

export default defineDrill({
  id: 'failed-rewind',
  title: 'the old leader has not the WAL any more that pg_rewind needs: it is copied',
  labels: ['failover'],
  // Else nobody is promoted: the replicas lag more than Patroni allows.
  before: async ({ cluster }) => {
    await patchStoredConfig(cluster, { maximum_lag_on_failover: 1024 ** 3 });
    return 'replicas may lag 1 GiB and be promoted';
  },
  accident: inOrder(goOnAlone, killContainer({ on: 'leader' }), recycle),
  recovery: heal({
    title: 'by Patroni, the old leader by a new copy',
    cures: [
      awaitPromotion(),
      mend(),
      patroniSays(/pg_rewind: (error|fatal): .*(could not open file|could not find previous WAL record)/),
      reinit('old-leader'),
    ],
    promotions: [1, 1],
  }),
});
