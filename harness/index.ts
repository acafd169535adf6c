/** What a drill is written with: the package's public interface. docs/writing-a-drill.md explains it. */
export { defineDrill, recovered, refused, verdict, type Drill, type DrillSpec } from './drill/spec';
export { dump, thai, type Dataset } from '../fixtures';
export { deleteAllRows } from './accidents/logical/delete-all-rows';
export type { Accident, StrikeContext } from './accidents/accident';
export { captureMoment } from './accidents/moment';
export { beforeAccident, isolatedNodePitr, skipStep } from './recovery/isolated-node-pitr';
export { actions as recoverySteps } from './recovery/execute';
export type { Site, StepAction } from './recovery/site';
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
