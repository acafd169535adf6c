import { sizeOf } from '../formats/intervals';
import type { EpisodeEvidence, LedgerEvidence } from '../record/evidence';
import type { Finding } from '../record/finding';
import type { Loss } from '../record/recovery';
import { shown } from './first-numbers';
import type { LedgerSets } from './ledger-sets';
import type { Place } from './place';

/**
 * The loss that the episode's failover may have by nature; undefined where nothing may be lost: under synchronous replication,
 * and where nobody measured it.
 */
export function lossByNature({ recovery }: Pick<EpisodeEvidence, 'recovery'>): Loss | undefined {
  return recovery?.loss?.mode === 'asynchronous' ? recovery.loss : undefined;
}

/** Bytes of WAL that the old leader had written past the place where its timeline was left; undefined where not known. */
export function bytesPast({ leftBytes }: Loss): bigint | undefined {
  return leftBytes === undefined ? undefined : BigInt(leftBytes);
}

/**
 * Bytes that it may have: Patroni promotes nobody who was farther behind than `maximum_lag_on_failover` when the old leader
 * last renewed its key, and since then that may have written for up to `ttl`.
 */
export function boundOf({ maximumLag, writtenInTtl = '0' }: Loss): bigint {
  return BigInt(maximumLag) + BigInt(writtenInTtl);
}

/** What a failover left on the old leader's branch, where that was measured. */
export function leftBehind(place: Place, ledger: LedgerEvidence, sets: LedgerSets, loss: Loss): Finding {
  const count = sizeOf(sets.abandoned);
  const past = bytesPast(loss);
  const bound = boundOf(loss);
  const { oldLeader, branchLsn, mode, maximumLag, writtenInTtl = '0', ttlMs } = loss;
  const expected =
    mode === 'synchronous'
      ? `no acknowledged write left on ${oldLeader}, as replication was synchronous`
      : `acknowledged writes that the failover left on ${oldLeader}, counted: at most ${bound} bytes of WAL, of maximum_lag_on_failover ${maximumLag} and ${writtenInTtl} written in its last ${ttlMs / 1000} s`;
  if (ledger.abandoned === undefined) return place.unverified(expected, 'was not looked at');
  const wal = past === undefined ? 'how far it had written is not known' : `${past} bytes of WAL past ${branchLsn}`;
  const found = `${count} lost; ${wal}`;
  const detail = count > 0 ? [`abandoned: ${shown(sets.abandoned)}`] : [];
  if (mode === 'synchronous') return count > 0 ? place.failed(expected, found, detail) : place.ok(expected, found);
  if (past === undefined) return place.unverified(expected, found, detail);
  if (past > bound) return place.failed(expected, found, detail);
  if (count > 0 && past === 0n)
    return place.failed(expected, `${count} lost, though ${oldLeader} had written nothing past ${branchLsn}`, detail);
  return place.ok(expected, found, detail);
}
