import type { Cluster } from '../cluster/cluster';
import type { Mark } from '../record/incident';
import type { Run } from '../run/run';

/** What an operation leaves for the recovery's target to be named by. */
export interface Noted {
  marks?: Mark[];
  noted?: Record<string, string>;
}

/** What a careful operator does around an accident. Carries no proof; may leave notes. */
export type Operation = (context: { run: Run; cluster: Cluster; database: string }) => Promise<Noted | void>;
