import type { Cluster } from '../cluster/cluster';
import type { Incident } from '../record/incident';
import type { Run } from '../run/run';

/** What an accident gets to act with. */
export interface StrikeContext {
  run: Run;
  cluster: Cluster;
  episode: number;
  /** The dataset's database. */
  database: string;
  /** A sabotage has the accident miss: what strikes is left out, and all that looks and proves is done. */
  misses?: boolean;
}

/** Does what strikes, and gives its result; `undefined` where the accident is to miss. */
export type Deal = <T>(blow: () => Promise<T>) => Promise<T | undefined>;

/** How an accident does what strikes: every change that it makes goes through this, and no look that proves it. */
export function dealing({ misses = false }: StrikeContext): Deal {
  return async (blow) => (misses ? undefined : blow());
}

/** What goes wrong: strikes, and returns the proof that it took effect. */
export interface Accident {
  name: string;
  title: string;
  /** Two members may take writes at once by its nature: counted, not red. */
  twoWriters?: boolean;
  /** Nobody takes writes once it has struck: they are not waited for before the recovery. */
  stopsWrites?: boolean;
  strike(context: StrikeContext): Promise<Incident>;
}
