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
export { loseTableFile } from './accidents/physical/lose-table-file';
export { killPostmaster } from './accidents/failover/kill-postmaster';
export { defineAccident, type AccidentFactory } from './accidents/define-accident';
export type { AccidentKind } from './accidents/kind';
export type { Accident, StrikeContext } from './accidents/accident';
export { captureMoment } from './accidents/moment';
export { editPage, type PageEdit } from './accidents/corruption/edit-page';
export { changeRow, duplicateRow, removeRow } from './formats/heap-page';
export { btreeItems, swapItems } from './formats/index-page';
export { parseTargetText } from './formats/target-text';
export { inOrder } from './accidents/in-order';
export { archiveGap } from './operations/archive-gap';
export { setClockBehind, setClockRight } from './operations/clock-behind';
export { commitBurst } from './operations/commit-burst';
export { commitMark } from './operations/commit-mark';
export { dynamicConfig } from './operations/dynamic-config';
export type { Noted, Operation } from './operations/operation';
export { failover } from './operations/failover';
export { holdWriters, type HeldWriters } from './operations/held-writers';
export { plannedSwitchover as switchover } from './operations/planned-switchover';
export { startPublisher, type Publisher } from './operations/publisher';
export { replicationPassword } from './operations/replication-password';
export { restorePoint } from './operations/restore-point';
export { demand, loggedSymptom } from './operations/symptom';
export { isolatedNodePitr, skipStep } from './recovery/isolated-node-pitr';
export { earlierPitr } from './recovery/earlier-pitr';
export { interruptedPitr } from './drill/interrupted-pitr';
export type { Cut } from './drill/cut';
export { heal, type Cure } from './recovery/healing/heal';
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
