import { PgdrillError } from '../record/errors';

/** The stack that commands take when none is named. */
export const defaultStack = 'bookworm';

/** Range of `--deadline-scale`. */
export const scaleRange = { least: 0.1, most: 100, whole: false };

/** Codes of errors that are the command line's own fault: exit code 64. */
const usageCodes: readonly string[] = [
  'PGDRILL_USAGE',
  'PGDRILL_FORCE_UNKNOWN',
  'PGDRILL_JOBS',
  'PGDRILL_OTHER_SCOPE',
  'PGDRILL_UNKNOWN_DATASET',
  'PGDRILL_UNKNOWN_DRILL',
  'PGDRILL_UNKNOWN_IMAGE',
  'PGDRILL_UNKNOWN_MEMBER',
  'PGDRILL_UNKNOWN_RUN',
  'PGDRILL_UNKNOWN_STACK',
];

/** Whether an error is one of wrong usage. */
export function isUsage(error: unknown): boolean {
  return error instanceof PgdrillError && usageCodes.includes(error.code);
}

/** An error of wrong usage. */
export function usageError(what: string, cure: string): PgdrillError {
  return new PgdrillError('PGDRILL_USAGE', what, cure);
}

/**
 * Reads a number of the command line.
 * @param option how the option is called, for the error
 * @throws PGDRILL_USAGE when it is none, or out of the range
 */
export function numberOf(option: string, text: string, range: { least: number; most: number; whole: boolean }): number {
  const value = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text.trim()) ? Number(text) : Number.NaN;
  const fits = value >= range.least && value <= range.most && (!range.whole || Number.isInteger(value));
  if (fits) return value;
  const kind = range.whole ? 'a whole number' : 'a number';
  throw usageError(
    `${option} is "${text}"; it must be ${kind} from ${range.least} to ${range.most}`,
    `give one, for example ${option} ${Math.max(range.least, 1)}`,
  );
}
