import type { EventBody } from '../record/events';
import type { ErrorRecord } from '../record/errors';
import type { PitrRequest } from '../record/journal';
import type { RecoveryResult } from '../record/recovery';

/** What a process of its own does to a cluster: recovers it, or goes on with or takes back what an earlier one began. */
export type PitrTask =
  | { do: 'recover'; request: PitrRequest }
  | { do: 'resume'; id: string }
  | { do: 'rollback'; id: string; force: boolean };

/** What such a process is given. */
export interface PitrJob {
  task: PitrTask;
  /** The run that booted the cluster, and the cluster's name in it. */
  clusterRun: string;
  clusterName: string;
  episode: number;
  /** Where its own run's folder is made, and what that is called. */
  sessionDir: string;
  runId: string;
  seed: number;
  deadlineScale: number;
}

/** Messages to the process. */
export type ToPitrProcess =
  | { kind: 'job'; job: PitrJob }
  /** The answer to `look`: what was found, or what is wrong. */
  | { kind: 'looked'; said?: string[]; error?: ErrorRecord };

/** Messages from it. */
export type FromPitrProcess =
  | { kind: 'event'; body: EventBody }
  /** Asks its parent to look at the node that runs outside Patroni. */
  | { kind: 'look'; node: string }
  | { kind: 'ended'; result?: RecoveryResult; error?: ErrorRecord };
