import type { BackupRef } from '../../record/backup-ref';
import type { RecoveryPlan } from '../../record/recovery';
import type { MemberFacts, PitrFacts, PitrRequest } from './facts';

/** What the words and commands of a recovery's steps are made of. */
export interface Parts {
  request: PitrRequest;
  facts: PitrFacts;
  backup: BackupRef;
  node: MemberFacts;
  others: MemberFacts[];
  /** How each of the others comes back; copied where it is not said. */
  rejoins?: RecoveryPlan['others'];
  /** The number that the recovered timeline gets. */
  newTimeline: number;
  /** Whether the segment that receive-wal is at serves too. */
  usePartial?: boolean;
  /** Whether segments that the archive lacks are taken from pg_wal of the data directory that is kept. */
  useKeptWal?: boolean;
  /** `fetched`: `barman recover` copies no WAL (`--get-wal`), for the archive has a hole that its catalogue does not know. */
  walFrom?: 'copied' | 'fetched';
}

/**
 * Whether the node leaves the cluster before the others are fenced, so that its backup is restored while they are: one of them
 * leads, and what is archived after the restore has begun can be fetched.
 */
export function leavesFirst({ request, facts, others, useKeptWal }: Parts): boolean {
  return (
    request.mode === 'cluster' &&
    request.fence === 'now' &&
    request.strategy !== 'whole-cluster' &&
    others.some((member) => member.leader) &&
    facts.places?.barman.host !== null &&
    useKeptWal !== true
  );
}

/** Whether the fence stops the node along with the others; else it has left the cluster before. */
export function fencedWithNode(parts: Parts): boolean {
  return parts.request.mode === 'cluster' && parts.request.fence === 'now' && !leavesFirst(parts);
}

/** DCS keys that would let the old history win once members start again. `initialize` and `config` stay. */
export const staleKeys = ['leader', 'status', 'failover', 'history', 'sync', 'failsafe'] as const;

/** Where a data directory that a recovery replaces is kept. */
export function keptDirectory(dataDir: string, id: string): string {
  return `${dataDir}.before-${id}`;
}

/** Where a recovery's journal is kept: beside the data directory that it recovers. */
export function journalFolder(dataDir: string, id: string): string {
  return `${dataDir}.pitr-${id}`;
}

/** Where Barman's container has the files of a recovery that is applied by hand. */
export function filesDirectory(id: string): string {
  return `/tmp/pitr_recovery_${id}`;
}

/**
 * Where a tablespace of the backup is put first, beside a data directory: where that is, Barman gets at. From there it is
 * moved to its location, whose folders may be nobody's but PostgreSQL's.
 * @param dataDir as the one sees it who is told
 */
export function besideData(dataDir: string, index: number): string {
  return `${dataDir}.tablespace-${index}`;
}
