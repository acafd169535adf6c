/** What a drill is written with: the package's public interface. docs/writing-a-drill.md explains it. */
export { defineDrill, recovered, refused, verdict, type Drill, type DrillSpec } from './drill/spec';
export { dump, thai, type Dataset } from '../fixtures';
export { badMigration } from './accidents/logical/bad-migration';
export { deleteAllRows } from './accidents/logical/delete-all-rows';
export { dropDatabase } from './accidents/logical/drop-database';
export { dropSchema } from './accidents/logical/drop-schema';
export { dropTable } from './accidents/logical/drop-table';
export { dropTablespace, tablespaceDropNote } from './accidents/logical/drop-tablespace';
export { truncateTable } from './accidents/logical/truncate';
export { updateWithoutWhere } from './accidents/logical/update-without-where';
export { loseDataDirectories } from './accidents/physical/lose-data-directories';
export { archivedWal } from './accidents/corruption/archived-wal';
export { backupFile } from './accidents/corruption/backup-file';
export { collationVersion } from './accidents/corruption/collation-version';
export { commitLog } from './accidents/corruption/commit-log';
export { controlFile } from './accidents/corruption/control-file';
export { heapPage } from './accidents/corruption/heap-page';
export { indexLeaf } from './accidents/corruption/index-leaf';
export { relationFile } from './accidents/corruption/relation-file';
export { toastChunk } from './accidents/corruption/toast-chunk';
export { walDirectory } from './accidents/corruption/wal-directory';
export { freezeMember } from './accidents/failover/freeze-member';
export { killAll } from './accidents/failover/kill-all';
export { killContainer } from './accidents/failover/kill-container';
export { killPatroni } from './accidents/failover/kill-patroni';
export { clockSkew } from './accidents/failover/clock-skew';
export { diskFull } from './accidents/failover/disk-full';
export { powerLoss } from './accidents/failover/power-loss';
export { slowNetwork } from './accidents/failover/slow-network';
export { stopReplica } from './accidents/failover/stop-replica';
export { killPostmaster } from './accidents/failover/kill-postmaster';
export { etcdDataLost } from './accidents/dcs/etcd-data-lost';
export { etcdOldSnapshot } from './accidents/dcs/etcd-old-snapshot';
export { namespaceCleared } from './accidents/dcs/namespace-cleared';
export { handTimelineNote, promotedByHand } from './accidents/dcs/promoted-by-hand';
export { quorumLost } from './accidents/dcs/quorum-lost';
export { staleInitializeKey } from './accidents/dcs/stale-initialize-key';
export { partitionMember } from './accidents/failover/partition-member';
export { everyAccidentMisses } from './accidents/every-accident-misses';
export { defineAccident, type AccidentFactory } from './accidents/define-accident';
export type { AccidentKind } from './accidents/kind';
export type { Accident, Deal, StrikeContext } from './accidents/accident';
export { captureMoment } from './accidents/moment';
export { editPage, type PageEdit } from './accidents/corruption/edit-page';
export { changeRow, duplicateRow, removeRow } from './formats/heap-page';
export { btreeItems, swapItems } from './formats/index-page';
export { parseTargetText } from './formats/target-text';
export { after, during, repeat, sequence, type LongOperation, type Part } from './accidents/compose';
export { chaosWalk } from './accidents/chaos';
export { archiveCommandLies } from './accidents/archive/archive-command-lies';
export { archiveDown } from './accidents/archive/archive-down';
export { archiveSplit } from './accidents/archive/archive-split';
export { backupNeededDeleted } from './accidents/archive/backup-needed-deleted';
export { duplicateWal } from './accidents/archive/duplicate-wal';
export { futureHistory } from './accidents/archive/future-history';
export { serverNeverInitialised } from './accidents/archive/server-never-initialised';
export { slowArchiveCommand } from './accidents/archive/slow-archive-command';
export { receiveWalStuck } from './accidents/archive/receive-wal-stuck';
export { restoreCommandLies } from './accidents/archive/restore-command-lies';
export { slotLost } from './accidents/archive/slot-lost';
export { inOrder } from './accidents/in-order';
export { baseBackup } from './operations/base-backup';
export { anotherBackup } from './operations/another-backup';
export { archiveCommandOnly } from './operations/archive-command-only';
export { makeBackup } from './backup/base-backup';
export { soundBackup } from './backup/sound-backup';
export { archiveGap } from './operations/archive-gap';
export { setClockRight } from './operations/clock';
export { setClockBehind } from './operations/clock-behind';
export { commitBurst } from './operations/commit-burst';
export { commitMark } from './operations/commit-mark';
export { patchStoredConfig } from './operations/stored-config';
export { dynamicConfig } from './operations/dynamic-config';
export type { Noted, Operation } from './operations/operation';
export { failOverAtOnce } from './operations/fail-over-at-once';
export { failover } from './operations/failover';
export { etcdSnapshot } from './operations/etcd-members';
export { failsafeMode } from './operations/failsafe-mode';
export { keepNoWal } from './operations/keep-no-wal';
export { holdWriters, type HeldWriters } from './operations/held-writers';
export { plannedSwitchover as switchover } from './operations/planned-switchover';
export { synchronousMode, synchronousStandby } from './operations/synchronous-mode';
export { startPublisher, type Publisher } from './operations/publisher';
export { replicationPassword } from './operations/replication-password';
export { restorePoint } from './operations/restore-point';
export { demand, loggedSymptom } from './operations/symptom';
export { isolatedNodePitr, skipStep } from './recovery/isolated-node-pitr';
export { earlierPitr } from './recovery/earlier-pitr';
export { interruptedPitr } from './drill/interrupted-pitr';
export type { Cut } from './drill/cut';
export { heal, type Cure } from './recovery/healing/heal';
export { awaitSymptom } from './recovery/cures/await-symptom';
export { failedOrGood } from './recovery/cures/failed-or-good';
export { fetchFromArchive } from './recovery/cures/fetch-from-archive';
export { failoverAway } from './recovery/cures/failover-away';
export { refreshVersion } from './recovery/cures/refresh-version';
export { reindex } from './recovery/cures/reindex';
export { reinit } from './recovery/cures/reinit';
export { rejoinStruck } from './recovery/cures/rejoin-struck';
export { awaitPromotion } from './recovery/cures/await-promotion';
export { mend } from './recovery/cures/mend';
export { archiveBacklog } from './recovery/cures/archive-backlog';
export { checkFinds } from './recovery/cures/check-finds';
export { checkQuiet } from './recovery/cures/check-quiet';
export { planAccepted } from './recovery/cures/plan-accepted';
export { planRefused } from './recovery/cures/plan-refused';
export { rearchiveSegments } from './recovery/cures/rearchive-segments';
export { receiveBeside } from './recovery/cures/receive-beside';
export { segmentArrives } from './recovery/cures/segment-arrives';
export { segmentAwaited } from './recovery/cures/segment-awaited';
export { adoptAgain } from './recovery/cures/adopt-again';
export { forgetTimeline } from './recovery/cures/forget-timeline';
export { keepsLeading } from './recovery/cures/keeps-leading';
export { keysBack } from './recovery/cures/keys-back';
export { patroniSays } from './recovery/cures/patroni-says';
export { refusesWrites } from './recovery/cures/refuses-writes';
export { restoreInitializeKey } from './recovery/cures/restore-initialize-key';
export { restartPatroni } from './recovery/cures/restart-patroni';
export { stepDown } from './recovery/cures/step-down';
export { stopPostgres } from './recovery/cures/stop-postgres';
export { surgicalRescue } from './recovery/surgical/surgical-rescue';
export { wholeClusterPitr } from './recovery/whole-cluster/whole-cluster-pitr';
export {
  atLsn,
  atRestorePoint,
  atTime,
  atXid,
  beforeAccident,
  beforeDatabaseDrop,
  immediate,
  latest,
  mark,
  noted,
  type TargetChoice,
} from './recovery/targets';
export { pitrRequest, planPitr } from './recovery/pitr';
export { actions as recoverySteps } from './recovery/execute';
export type { Look, LookDecision, Site, StepAction } from './recovery/site';
export type { Recovery, RecoverContext } from './recovery/recovery';
export type { Check } from './checks/check';
export type { Incident } from './record/incident';
export type { RecoveryResult } from './record/recovery';
export { PgdrillError } from './record/errors';
/** To work with a cluster that `pgdrill up` left running: `attachCluster(await connectEngine(), new Run({ … }), runId)`. */
export { attachCluster } from './cluster/attach';
export type { Cluster } from './cluster/cluster';
export { connectEngine } from './engine/connect';
export { Run } from './run/run';
/** Waits for a condition, under a deadline of the table in harness/run/deadlines.ts. */
export { until } from './run/until';
