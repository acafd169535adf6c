import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { packageRoot } from '../../bin/machine/root.cjs';
import { honestEvidence } from '../checks/honest-evidence';
import { honestFailover } from '../checks/honest-failover';
import { honestWithoutLedger } from '../checks/honest-without-ledger';
import { failoverSabotages } from '../checks/failover-sabotages';
import type { HonestRun } from '../checks/sabotage-table';
import { messageOf, PgdrillError } from '../record/errors';
import { foldEvents, parseEvents } from '../record/fold';
import { verdictSchema } from '../record/verdict';

/** The evidence that is in the code, under these names: of a drill, of a recovery without a ledger, of a failover. */
export const builtRun = 'built';
export const builtWithoutLedger = 'built-without-ledger';
export const builtFailover = 'built-failover';

/** Where real honest runs are kept; a packed pgdrill has none. */
export function savedHonestFolder(): string {
  return path.join(packageRoot(), 'fixtures/runs');
}

/**
 * Everything that evidence sabotages are tried on: the evidence in the code, then each run saved in the folder that
 * passed with nothing expected to be wrong.
 * @throws PGDRILL_EVIDENCE_UNREADABLE naming the run
 */
export function honestRuns(folder = savedHonestFolder()): HonestRun[] {
  return [
    { name: builtRun, evidence: honestEvidence() },
    { name: builtWithoutLedger, evidence: honestWithoutLedger() },
    { name: builtFailover, evidence: honestFailover(), only: failoverSabotages.map(({ id }) => id) },
    ...savedHonestRuns(folder),
  ];
}

function savedHonestRuns(folder: string): HonestRun[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .sort()
    .filter((name) => existsSync(path.join(folder, name, 'events.jsonl')))
    .flatMap((name) => {
      try {
        const read = (file: string): string => readFileSync(path.join(folder, name, file), 'utf8');
        const { outcome, expected } = verdictSchema.parse(JSON.parse(read('verdict.json')));
        if (outcome !== 'passed' || expected) return [];
        return [{ name, evidence: foldEvents(parseEvents(read('events.jsonl'))) }];
      } catch (cause) {
        throw new PgdrillError(
          'PGDRILL_EVIDENCE_UNREADABLE',
          `the saved run ${path.join(folder, name)} cannot be read: ${messageOf(cause)}`,
          'record it again, or take it out of the folder',
          { cause },
        );
      }
    });
}
