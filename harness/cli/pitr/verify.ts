import { checklist, type ChecklistLine } from '../../checks/checklist';
import type { Cluster } from '../../cluster/cluster';
import { noteBeforePitr, verifyPitr, type Expected } from '../../drill/verify-pitr';
import type { Noted } from '../../drill/verify/noted';
import { parseExpectation } from '../../formats/expectation-text';
import { FormatError } from '../../formats/format-error';
import { readBaselineFile } from '../../observe/baseline-file';
import { listDatabases } from '../../observe/collectors/baseline';
import type { ExpectedAnswer } from '../../record/expected-answer';
import type { PitrRequest } from '../../record/journal';
import type { Outcome } from '../../record/outcome';
import type { PitrPlan, RecoveryResult } from '../../record/recovery';
import type { Run } from '../../run/run';
import { usageError } from '../usage';

/** One line of the checklist at the end of a recovery. */
export type ChecklistItem = ChecklistLine;

/** What a verification came to. */
export interface PitrVerification {
  /** `passed`: recovered and verified. `failed`: something is not as it has to be. `unverified`: not everything was seen. */
  outcome: Outcome;
  checklist: ChecklistItem[];
  /** What nobody looked at, in words. */
  notCovered: string[];
}

export interface VerifyOptions {
  request: PitrRequest;
  plan: PitrPlan;
  /** File of `pgdrill baseline`. */
  baseline?: string;
  /** Queries with what they have to answer, as `parseExpectation` reads them. */
  expects: readonly string[];
}

/** What was noted before, by run: the verification of the same run takes it up. */
const before = new WeakMap<Run, { noted: Noted; expected: Expected }>();

/**
 * Called before the first step, also before a recovery is gone on with: what only the old state can tell is noted. Nothing,
 * where the plan does not replay.
 * @throws PGDRILL_USAGE for an expectation that cannot be read; PGDRILL_BASELINE_UNREADABLE, PGDRILL_BASELINE_OTHER
 */
export async function noteBefore(run: Run, cluster: Cluster, options: VerifyOptions): Promise<void> {
  const { plan } = options;
  const answers = await expectedAnswers(cluster, options.expects);
  const baseline = options.baseline === undefined ? undefined : await readBaselineFile(run, options.baseline);
  if (plan.mode !== 'restore' && plan.mode !== 'cluster') return;
  const expected: Expected = { answers, ...(baseline ? { baseline } : {}) };
  before.set(run, { noted: await noteBeforePitr(run, cluster, plan, expected), expected });
}

/** Called after the last step of a recovery that has replayed: looks at what came back, and judges it. */
export async function verifyRecovered(
  run: Run,
  cluster: Cluster,
  options: VerifyOptions & { result: RecoveryResult },
): Promise<PitrVerification> {
  const { plan, result } = options;
  if (!before.has(run)) await noteBefore(run, cluster, options);
  const known = before.get(run);
  if (!known) return { outcome: 'unverified', checklist: [], notCovered: ['everything: nothing was replayed'] };
  const { evidence, verdict } = await verifyPitr(run, cluster, { plan, result, ...known });
  return { outcome: verdict.outcome, checklist: checklist(evidence, verdict), notCovered: verdict.notCovered };
}

/** Checks what was written after `--expect`. @throws PGDRILL_USAGE */
export function checkExpectations(expects: readonly string[]): void {
  for (const text of expects) written(text);
}

/** Each with its database: the one named, else the only one beside `postgres`. @throws PGDRILL_USAGE when it is not clear */
async function expectedAnswers(cluster: Cluster, expects: readonly string[]): Promise<ExpectedAnswer[]> {
  const all = expects.map(written);
  const unnamed = all.find(({ database }) => database === undefined);
  const database = unnamed ? await onlyDatabase(cluster, unnamed.sql) : 'postgres';
  return all.map((one) => ({ database, ...one }));
}

async function onlyDatabase(cluster: Cluster, sql: string): Promise<string> {
  const leader = await cluster.findLeader();
  const names = leader ? (await listDatabases(leader)).filter((name) => name !== 'postgres') : [];
  const [only] = names;
  if (only !== undefined && names.length === 1) return only;
  const why = leader
    ? `there are ${names.length} beside postgres: ${names.join(', ')}`
    : 'no leader tells which there are';
  throw usageError(
    `--expect '${sql}' does not say in which database, and ${why}`,
    `name it in front: --expect '${only ?? 'mydb'}: ${sql}'`,
  );
}

function written(text: string) {
  try {
    return parseExpectation(text);
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    throw usageError(
      `--expect ${JSON.stringify(text)} cannot be read: ${error.reason}`,
      "write it like 'mydb: SELECT count(*) FROM orders => 3276', or a query that gives true",
    );
  }
}
