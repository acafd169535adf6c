import { archivedFiles, dumpTransactions } from '../../backup/wal-archive';
import type { Cluster } from '../../cluster/cluster';
import { compareLsn } from '../../formats/lsn';
import { parseWalName, segmentNumber } from '../../formats/wal-name';
import type { BackupRef } from '../../record/backup-ref';
import type { LedgerEvidence, WalCommit } from '../../record/evidence';
import type { RecoveryTarget } from '../../record/recovery';
import type { Ledger } from '../ledger/ledger';
import { commitOf, splitLedger } from '../ledger/split';

export interface LedgerQuestions {
  writers: number;
  target: RecoveryTarget;
  targetTimeline: number;
  fencedAt?: string | undefined;
  branchLsn?: string | undefined;
  segmentSize: number;
  backup: BackupRef;
}

/**
 * The ledger placed in the order of the WAL: the target's timeline as Barman holds it from the begin of the backup on, and
 * before that as it was read from the leader. Also
 * the parent's first commit or abort at or after the branch, which must be the one that stopped replay.
 */
export async function observeLedger(
  cluster: Cluster,
  ledger: Ledger,
  ask: LedgerQuestions,
): Promise<{ ledger: LedgerEvidence; parentRecord?: WalCommit }> {
  const first = segmentNumber(ask.backup.beginWal, ask.segmentSize);
  const { segments } = await archivedFiles(cluster.barman);
  const own = segments.filter(
    (name) => parseWalName(name).timeline === ask.targetTimeline && segmentNumber(name, ask.segmentSize) >= first,
  );
  const archived = (await dumpTransactions(cluster.barman, own, ask.segmentSize)).records;
  const records = [...ledger.early, ...archived];
  const split = splitLedger({
    writers: ask.writers,
    entries: ledger.entries,
    records,
    target: ask.target,
    targetTimeline: ask.targetTimeline,
    fencedAt: ask.fencedAt,
    consistentLsn: ask.backup.endLsn,
  });
  const { branchLsn } = ask;
  const after =
    branchLsn === undefined
      ? undefined
      : records.find((record) => record.transaction && compareLsn(record.lsn, branchLsn) >= 0);
  return { ledger: { ...split, file: await ledger.reference() }, ...(after ? { parentRecord: commitOf(after) } : {}) };
}
