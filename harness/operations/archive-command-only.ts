import { slotOf } from '../backup/receive-again';
import { resetReceiving } from '../backup/reset-receiving';
import type { Cluster } from '../cluster/cluster';
import type { Run } from '../run/run';
import { until } from '../run/until';

/**
 * Barman takes only what archive_command brings, as many do: receive-wal is stopped, and Barman's configuration says so. For a
 * drill's `before`: what archive_command does not bring would come by streaming, and nobody would miss it.
 */
export function archiveCommandOnly(): (context: { run: Run; cluster: Cluster }) => Promise<string> {
  return async ({ run, cluster }) => {
    const { barman } = cluster;
    await setStreaming(cluster, 'off');
    await until('barman connected', run, async () => {
      await barman.stopReceiving();
      if (!(await barman.isReceiving())) return true;
      await barman.barman(['receive-wal', '--stop', barman.server], { check: false });
      return false;
    });
    // What receive-wal was at would be taken for the begin of what it goes on with.
    await barman.exec(['sh', '-c', `rm -f ${barman.home}/streaming/*.partial`]);
    return 'Barman takes only what archive_command brings';
  };
}

/**
 * Barman receives WAL by streaming again, from where the members are now. Where only archive_command brings WAL no slot keeps any, so what
 * was missed meanwhile is archive_command's to bring; the slot of a drill's cluster is one of Patroni's permanent ones, and has kept it.
 */
export async function receiveBeside({ run, cluster }: { run: Run; cluster: Cluster }): Promise<void> {
  await setStreaming(cluster, 'on');
  const slot = await slotOf(cluster.barman);
  const leader = await cluster.leader();
  await leader.query(
    `SELECT pg_replication_slot_advance(slot_name, pg_current_wal_lsn()) FROM pg_replication_slots
      WHERE slot_name = $1 AND NOT active AND restart_lsn < pg_current_wal_lsn()`,
    [slot ?? null],
  );
  await resetReceiving(run, cluster);
}

async function setStreaming({ barman }: Cluster, value: 'on' | 'off'): Promise<void> {
  const file = `/etc/barman.d/${barman.server}.conf`;
  await barman.exec(['sed', '-i', `s/^streaming_archiver = .*/streaming_archiver = ${value}/`, file]);
}
