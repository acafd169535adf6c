import type { z } from 'zod';
import type { Cluster } from '../cluster/cluster';
import type { Incident, Moment } from '../record/incident';
import type { Run } from '../run/run';
import type { Deal, StrikeContext } from './accident';
import type { Victims, Whom } from './victims';

export const accidentFamilies = ['logical', 'corruption', 'failover', 'dcs', 'archive'] as const;
export type AccidentFamily = (typeof accidentFamilies)[number];

/** What an accident's undo gets: enough to be done from any later process, however far the strike had come. */
export interface UndoContext<Options> {
  run: Run;
  cluster: Cluster;
  options: Options;
  /** Names of what was struck: `db2`, `etcd1`, `barman`. */
  struck: readonly string[];
  /** What `prepare` had noted. */
  notes: Readonly<Record<string, string>>;
}

/** What an accident does by its nature with some of its options only. */
export interface Sometimes<Options> {
  when(options: Options): boolean;
  /** With which, in words that follow "two writers": `where Patroni is not started again`. */
  words: string;
}

/** Whether it is so with these options. */
export function isSo<Options>(nature: boolean | Sometimes<Options> | undefined, options: Options): boolean {
  return typeof nature === 'object' ? nature.when(options) : nature === true;
}

/** What a kind's strike gets to act with. */
export interface Striking extends StrikeContext {
  /** Every change that it makes goes through this: a sabotage leaves it out, and the proof has to tell. */
  deal: Deal;
}

/** What a strike tells of itself; the rest of the incident is the same for all accidents. */
export interface Blow {
  proof: Incident['proof'];
  /** Default: the time at which `strike` returned. */
  struckAt?: string;
  /** The last moment before it, where the strike itself knows it better. */
  before?: Moment;
  xid?: string;
  noted?: Record<string, string>;
}

/**
 * One kind of accident: what it does, whom it may strike, how it is proven and undone, what it must never touch.
 * `pgdrill list --accidents`, `pgdrill break` and docs/accidents.md are made of these.
 */
export interface AccidentKind<Options extends z.ZodObject = z.ZodObject> {
  /** Lower-case words joined by hyphens: the name of its file. */
  name: string;
  family: AccidentFamily;
  /** One line for people. */
  title: string;
  /** What it does, in sentences. */
  does: string;
  /** Whom it may strike; the first is the default. Roles are resolved when it strikes. */
  strikes: readonly [Whom, ...Whom[]];
  /** Validated options, each with a description. */
  options: Options;
  /** How it is shown to have taken effect, in a sentence. */
  proof: string;
  /** How `pgdrill mend` undoes it; or why nothing can. */
  undone: string;
  /** What it must never touch. */
  neverTouches: string;
  /** Two members may take writes at once by its nature: counted, not red. */
  twoWriters?: boolean | Sometimes<z.output<Options>>;
  /** Nobody takes writes once it has struck, be it for a while: they are not waited for before the recovery. */
  stopsWrites?: boolean | Sometimes<z.output<Options>>;
  /** What this kernel, engine or cluster lacks for it, in words; undefined where it can be done. */
  lacks?(context: StrikeContext, victims: Victims, options: z.output<Options>): Promise<string | undefined>;
  /** Notes what the undo will need, before anything is touched. Changes nothing. */
  prepare?(context: StrikeContext, victims: Victims, options: z.output<Options>): Promise<Record<string, string>>;
  strike(
    context: Striking,
    victims: Victims,
    options: z.output<Options>,
    notes: Readonly<Record<string, string>>,
  ): Promise<Blow>;
  /** Idempotent; done also where the strike was cut off. Absent: nothing undoes it but a recovery. */
  undo?(context: UndoContext<z.output<Options>>): Promise<string>;
}
