import path from 'node:path';
import { existsSync } from 'node:fs';
import { datasetOf } from '../../fixtures';
import { findStack } from '../engine/stacks';
import type { RunOverrides } from '../suite/job';
import { numberOf, scaleRange, usageError } from './usage';

/** Seeds are 31-bit numbers. */
export const seedRange = { least: 0, most: 2 ** 31 - 1, whole: true };
export const nodesRange = { least: 1, most: 5, whole: true };
const rowsRange = { least: 1, most: 1e12, whole: true };
const oneInRange = { least: 2, most: 1024, whole: true };
/** Of a table that is sampled, one key in this many is digested. */
const usualOneIn = 16;

/** Options of `pgdrill run` as commander gives them. */
export interface RunFlags {
  stack?: string;
  dataset?: string;
  nodes?: string;
  seed?: string;
  keep?: boolean;
  deep?: boolean;
  sampleAbove?: string;
  sampleOneIn?: string;
  deadlineScale?: string;
  reportDir?: string;
  failFast?: boolean;
  repeat?: string;
  jobs?: string;
  all?: boolean;
  label?: string[];
  without?: string[];
  strict?: boolean;
  json?: boolean;
  quiet?: boolean;
  verbose?: boolean;
}

/** The same, checked. */
export interface CheckedRunFlags {
  overrides: RunOverrides;
  seed: number | undefined;
  deadlineScale: number;
  repeat: number;
  jobs: number | undefined;
}

/**
 * Checks everything that can be checked with no container, the dataset's file included.
 * @param env PGDRILL_DEADLINE_SCALE stands in for --deadline-scale
 * @throws PGDRILL_USAGE, PGDRILL_UNKNOWN_STACK, PGDRILL_UNKNOWN_DATASET, PGDRILL_DATASET_UNREADABLE
 */
export async function checkRunFlags(
  flags: RunFlags,
  env: Record<string, string | undefined> = process.env,
): Promise<CheckedRunFlags> {
  if (flags.quiet && flags.verbose) throw usageError('--quiet and --verbose exclude each other', 'give one of them');
  const overrides: RunOverrides = {};
  if (flags.stack !== undefined) overrides.stack = findStack(flags.stack).name;
  if (flags.dataset !== undefined) overrides.dataset = await checkDataset(flags.dataset);
  if (flags.nodes !== undefined) overrides.nodes = numberOf('--nodes', flags.nodes, nodesRange);
  if (flags.keep) overrides.keep = true;
  if (flags.deep) overrides.deep = true;
  if (flags.without) overrides.without = flags.without;
  const sampling = samplingOf(flags);
  if (sampling) overrides.sampling = sampling;
  const repeatRange = { least: 1, most: 1000, whole: true };
  const jobsRange = { least: 1, most: 64, whole: true };
  return {
    overrides,
    seed: flags.seed === undefined ? undefined : numberOf('--seed', flags.seed, seedRange),
    deadlineScale: scaleOf(flags.deadlineScale, env),
    repeat: flags.repeat === undefined ? 1 : numberOf('--repeat', flags.repeat, repeatRange),
    jobs: flags.jobs === undefined ? undefined : numberOf('--jobs', flags.jobs, jobsRange),
  };
}

/**
 * Finds the dataset and looks whether it can be loaded.
 * @returns its name as a drill's process takes it: a dump's path is absolute, for the process may work elsewhere
 */
export async function checkDataset(text: string): Promise<string> {
  const isFile = existsSync(text);
  await datasetOf(isFile ? path.resolve(text) : text).validate();
  return isFile ? path.resolve(text) : text;
}

function samplingOf({ sampleAbove, sampleOneIn }: RunFlags): RunOverrides['sampling'] {
  if (sampleAbove === undefined) {
    if (sampleOneIn === undefined) return undefined;
    throw usageError('--sample-one-in says how, and --sample-above is missing', 'give --sample-above <rows> too');
  }
  return {
    sampleAbove: numberOf('--sample-above', sampleAbove, rowsRange),
    oneIn: sampleOneIn === undefined ? usualOneIn : numberOf('--sample-one-in', sampleOneIn, oneInRange),
  };
}

/** The factor of all deadlines: the option, else the environment, else 1. */
export function scaleOf(flag: string | undefined, env: Record<string, string | undefined>): number {
  if (flag !== undefined) return numberOf('--deadline-scale', flag, scaleRange);
  const fromEnv = env.PGDRILL_DEADLINE_SCALE;
  return fromEnv ? numberOf('PGDRILL_DEADLINE_SCALE', fromEnv, scaleRange) : 1;
}
