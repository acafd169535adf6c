import { slotOf } from '../../backup/receive-again';
import type { Cluster } from '../../cluster/cluster';
import { firstLsnOf } from '../../formats/wal-name';
import type { ArchiveEvidence } from '../../record/evidence';
import { barmanFiles, heldUntil } from './archive-files';

/** Barman's slot on the leader, in a cluster of ours; the cluster's Patroni keeps it as a permanent one. */
const OWN_SLOT = 'barman';

/**
 * The slot, and after it what Barman holds: WAL that is on neither side is kept nowhere. In this order, for the slot moves
 * on as segments arrive.
 * @param from the first segment after those that were walked
 * @param segmentSize bytes
 */
export async function observeSlot(
  cluster: Cluster,
  from: string,
  segmentSize: number,
): Promise<ArchiveEvidence['slot']> {
  const leader = await cluster.leader();
  const name = cluster.description.origin === 'foreign' ? await slotOf(cluster.barman) : OWN_SLOT;
  const [slot] = await leader.query<{ active: boolean; restart: string | null }>(
    'SELECT active, restart_lsn::text AS restart FROM pg_replication_slots WHERE slot_name = $1',
    [name ?? ''],
  );
  const held = heldUntil(await barmanFiles(cluster.barman), from, segmentSize);
  return {
    name: name ?? 'none',
    ...(name === undefined ? { wanted: false } : {}),
    present: slot !== undefined,
    active: slot?.active ?? false,
    ...(slot?.restart ? { restartLsn: slot.restart } : {}),
    heldUntilLsn: firstLsnOf(held, segmentSize),
  };
}
