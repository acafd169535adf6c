import { compareLsn } from '../formats/lsn';
import type { ArchiveEvidence } from '../record/evidence';
import type { Finding } from '../record/finding';
import { lookSql } from './look';
import type { Place } from './place';

/**
 * WAL that Barman does not hold is held by its slot, or it is kept nowhere once the leader recycles it. The slot moves on
 * as segments arrive, so what Barman holds is read after it, with what has arrived and the segment that is being received.
 * Whether it is in use at this moment is no matter: receive-wal comes back after every restart of the leader.
 */
export function slotFinding(place: Place, { slot }: ArchiveEvidence): Finding {
  const { name, present, active, restartLsn, heldUntilLsn, wanted } = slot;
  if (wanted === false) return place.notApplicable('a slot that holds WAL for Barman', 'this Barman uses none');
  const look = [lookSql(undefined, 'SELECT * FROM pg_replication_slots')];
  const expected = `slot ${name} there, holding WAL from no later than ${heldUntilLsn ?? 'the end of what Barman holds'}`;
  if (!present) return place.failed(expected, 'no such slot', look);
  if (restartLsn === undefined) return place.unverified(expected, 'the slot does not say from where it holds WAL');
  if (heldUntilLsn === undefined) return place.unverified(expected, 'nobody looked where that ends');
  const found = `holds from ${restartLsn}, ${active ? 'in use' : 'not in use'}`;
  return compareLsn(restartLsn, heldUntilLsn) > 0 ? place.failed(expected, found, look) : place.ok(expected, found);
}
