import { z } from 'zod';
import { archivedFileNames } from '../../backup/wal-archive';
import type { Cluster } from '../../cluster/cluster';
import type { PatroniNode } from '../../cluster/patroni-node';
import { lsnDifference } from '../../formats/lsn';
import { parseTimelineHistory } from '../../formats/timeline-history';
import { firstLsnOf, nextWalName } from '../../formats/wal-name';
import type { Run } from '../../run/run';
import { nowText } from '../../run/recorder';
import { until } from '../../run/until';
import { defineAccident } from '../define-accident';
import { cutOff } from '../failover/packet-drops';
import { startContainers } from '../killed-containers';

/**
 * Bytes of a segment that only Barman gets the end of. Well below `maximum_lag_on_failover` (1 MB by default): a replica that
 * lags more is not promoted.
 */
const LEFT = 256 * 1024;

export const receiveWalStuck = defineAccident({
  name: 'receive-wal-stuck',
  family: 'archive',
  title: 'receive-wal is ahead of the member that is promoted',
  does: "Cuts the leader off from its replicas, but not from Barman, lets WAL go on into the next segment, and kills the leader's container. The new leader's timeline begins before the place at which Barman's receive-wal is: it asks for WAL that the new leader's history does not have, for ever. What was acknowledged while the replicas were cut off is lost with the leader.",
  strikes: ['leader'],
  options: z.object({}),
  proof: "the new leader's history left the old timeline before the segment at which receive-wal is",
  undone: "the old leader's container is started again; receive-wal needs a reset",
  neverTouches: 'what Barman holds, the slot',
  stopsWrites: true,
  async lacks({ cluster }, { nodes: [node] }) {
    if (cluster.nodes.length < 2) return 'the cluster has no replica';
    if (!cluster.barman.receivesWal) return 'Barman does not receive WAL by streaming';
    const { exitCode, stderr } = await node!.exec(['iptables', '-S'], { check: false });
    return exitCode === 0 ? undefined : `iptables in the container of ${node!.name}: ${stderr.trim()}`;
  },
  async strike({ run, cluster, deal }, { nodes: [node] }) {
    const leader = node!;
    const timeline = await leader.writtenTimeline();
    await nearEndOfSegment(run, cluster, leader);
    const current = await leader.value('SELECT pg_walfile_name(pg_current_wal_insert_lsn())');
    const struckAt = nowText();
    const replicas = await addressesOf(cluster, leader);
    await deal(() => cutOff(leader, 'replicas', { etcd: [], barman: [], replicas }));
    await emit(leader, LEFT + LEFT / 2);
    const segmentSize = await leader.segmentSize();
    const ahead = nextWalName(current, segmentSize);
    await until('accident proven', run, async () =>
      [...(await archivedFileNames(cluster.barman)).keys()].some((name) => name.startsWith(ahead)),
    );
    await deal(() => leader.container.kill());
    const next = await until('leader elected', run, async () => {
      const found = await cluster.findLeader();
      return found && found.name !== leader.name && (await found.inRecovery()) === false ? found : undefined;
    });
    const now = await next.writtenTimeline();
    const history = parseTimelineHistory(now, await next.history(now));
    const left = history.ancestors.find((row) => row.timeline === timeline)?.endLsn;
    const receives = firstLsnOf(ahead, segmentSize);
    return {
      struckAt,
      proof: {
        took: left !== undefined && lsnDifference(receives, left) > 0n,
        expected: `timeline ${timeline} left before ${receives}, where receive-wal is`,
        found: left === undefined ? `${next.name} has no history` : `${next.name} left it at ${left}`,
      },
    };
  },
  async undo({ cluster, struck }) {
    return startContainers(cluster, struck);
  },
});

/** Writes until so much of the segment is left that a little more goes into the next one; every replica has all of it. */
async function nearEndOfSegment(run: Run, cluster: Cluster, leader: PatroniNode): Promise<void> {
  await until('accident proven', run, async () => {
    const left = Number(
      await leader.value(
        "SELECT setting::bigint - (pg_current_wal_insert_lsn() - '0/0'::pg_lsn) % setting::bigint FROM pg_settings WHERE name = 'wal_segment_size'",
      ),
    );
    if (left <= LEFT) return true;
    // A record takes a little more than its message, for headers of pages; the rest comes with the next look.
    await emit(leader, Math.max(1, Math.floor((left - LEFT / 2) * 0.99)));
    return false;
  });
  const lsn = await leader.value('SELECT pg_current_wal_insert_lsn()');
  for (const node of cluster.others(leader.name)) {
    await until('replay caught up', run, async () => {
      return (await node.value(`SELECT pg_last_wal_receive_lsn() >= '${lsn}'::pg_lsn`)) === 'true';
    });
  }
}

/** Bytes of WAL that change nothing (PostgreSQL documentation, `pg_logical_emit_message`), written at once. */
async function emit(leader: PatroniNode, bytes: number): Promise<void> {
  await leader.query("SELECT pg_logical_emit_message(true, 'pgdrill', repeat('x', $1))", [bytes]);
}

async function addressesOf(cluster: Cluster, leader: PatroniNode): Promise<string[]> {
  const names = cluster.others(leader.name).map(({ name }) => name);
  const { stdout } = await leader.exec(['getent', 'ahostsv4', ...names]);
  return [...new Set(stdout.split('\n').flatMap((line) => line.split(/\s+/)[0] || []))];
}
