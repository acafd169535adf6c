import { archiveCommandLies } from './archive/archive-command-lies';
import { archiveDown } from './archive/archive-down';
import { archiveSplit } from './archive/archive-split';
import { backupNeededDeleted } from './archive/backup-needed-deleted';
import { duplicateWal } from './archive/duplicate-wal';
import { futureHistory } from './archive/future-history';
import { receiveWalStuck } from './archive/receive-wal-stuck';
import { restoreCommandLies } from './archive/restore-command-lies';
import { serverNeverInitialised } from './archive/server-never-initialised';
import { slotLost } from './archive/slot-lost';
import { slowArchiveCommand } from './archive/slow-archive-command';
import { archivedWal } from './corruption/archived-wal';
import { backupFile } from './corruption/backup-file';
import { collationVersion } from './corruption/collation-version';
import { commitLog } from './corruption/commit-log';
import { controlFile } from './corruption/control-file';
import { heapPage } from './corruption/heap-page';
import { indexLeaf } from './corruption/index-leaf';
import { relationFile } from './corruption/relation-file';
import { toastChunk } from './corruption/toast-chunk';
import { walDirectory } from './corruption/wal-directory';
import { etcdDataLost } from './dcs/etcd-data-lost';
import { etcdOldSnapshot } from './dcs/etcd-old-snapshot';
import { namespaceCleared } from './dcs/namespace-cleared';
import { promotedByHand } from './dcs/promoted-by-hand';
import { quorumLost } from './dcs/quorum-lost';
import { staleInitializeKey } from './dcs/stale-initialize-key';
import { clockSkew } from './failover/clock-skew';
import { diskFull } from './failover/disk-full';
import { freezeMember } from './failover/freeze-member';
import { killAll } from './failover/kill-all';
import { killContainer } from './failover/kill-container';
import { killPatroni } from './failover/kill-patroni';
import { killPostmaster } from './failover/kill-postmaster';
import { partitionMember } from './failover/partition-member';
import { powerLoss } from './failover/power-loss';
import { slowNetwork } from './failover/slow-network';
import { stopReplica } from './failover/stop-replica';
import type { AccidentKind } from './kind';
import { badMigrationKind } from './logical/bad-migration';
import { deleteAllRowsKind } from './logical/delete-all-rows';
import { dropDatabaseKind } from './logical/drop-database';
import { dropSchemaKind } from './logical/drop-schema';
import { dropTableKind } from './logical/drop-table';
import { dropTablespaceKind } from './logical/drop-tablespace';
import { truncateKind } from './logical/truncate';
import { updateWithoutWhereKind } from './logical/update-without-where';

/** Every kind of accident, by family, in the order in which they are listed. A test holds it to the files. */
export const accidentKinds: readonly AccidentKind[] = [
  deleteAllRowsKind as AccidentKind,
  updateWithoutWhereKind as AccidentKind,
  truncateKind as AccidentKind,
  dropTableKind as AccidentKind,
  dropSchemaKind as AccidentKind,
  dropDatabaseKind as AccidentKind,
  dropTablespaceKind as AccidentKind,
  badMigrationKind as AccidentKind,
  heapPage.kind as AccidentKind,
  indexLeaf.kind as AccidentKind,
  toastChunk.kind as AccidentKind,
  collationVersion.kind as AccidentKind,
  relationFile.kind as AccidentKind,
  commitLog.kind as AccidentKind,
  controlFile.kind as AccidentKind,
  walDirectory.kind as AccidentKind,
  backupFile.kind as AccidentKind,
  archivedWal.kind as AccidentKind,
  killContainer.kind as AccidentKind,
  killPostmaster.kind as AccidentKind,
  killPatroni.kind as AccidentKind,
  killAll.kind as AccidentKind,
  freezeMember.kind as AccidentKind,
  partitionMember.kind as AccidentKind,
  stopReplica.kind as AccidentKind,
  diskFull.kind as AccidentKind,
  clockSkew.kind as AccidentKind,
  slowNetwork.kind as AccidentKind,
  powerLoss.kind as AccidentKind,
  quorumLost.kind as AccidentKind,
  etcdDataLost.kind as AccidentKind,
  etcdOldSnapshot.kind as AccidentKind,
  staleInitializeKey.kind as AccidentKind,
  namespaceCleared.kind as AccidentKind,
  promotedByHand.kind as AccidentKind,
  archiveCommandLies.kind as AccidentKind,
  archiveDown.kind as AccidentKind,
  archiveSplit.kind as AccidentKind,
  backupNeededDeleted.kind as AccidentKind,
  duplicateWal.kind as AccidentKind,
  futureHistory.kind as AccidentKind,
  receiveWalStuck.kind as AccidentKind,
  restoreCommandLies.kind as AccidentKind,
  serverNeverInitialised.kind as AccidentKind,
  slowArchiveCommand.kind as AccidentKind,
  slotLost.kind as AccidentKind,
];
