import { readFileSync } from 'node:fs';
import path from 'node:path';
import { canonicalJson } from '../checks/canonical-json';
import { judge } from '../checks/judge';
import type { Cluster } from '../cluster/cluster';
import { requireSameSystem, type ReadBaseline } from '../observe/baseline-file';
import { describeError, PgdrillError } from '../record/errors';
import type { Evidence } from '../record/evidence';
import type { ExpectedAnswer } from '../record/expected-answer';
import { foldEvents, parseEvents } from '../record/fold';
import type { PitrPlan, RecoveryResult } from '../record/recovery';
import type { Verdict } from '../record/verdict';
import { packageVersion } from '../run/package';
import type { Run } from '../run/run';
import { mainPlace } from './stage';
import { gatherRecovered } from './verify/gather';
import { noteState, type Noted } from './verify/noted';

/** What a recovery is held against, beside what the WAL and the archive say. */
export interface Expected {
  baseline?: ReadBaseline;
  answers: readonly ExpectedAnswer[];
}

/**
 * To be called before the first step of a recovery, and before it is gone on with: notes what only the state before can
 * tell, and records what is expected, so that the run can be judged again from its events. The first event of the run,
 * `run-started`, is the caller's.
 * @throws PGDRILL_BASELINE_OTHER where the baseline is of another system; what Barman says when it does not show the backup
 */
export async function noteBeforePitr(
  run: Run,
  cluster: Cluster,
  plan: PitrPlan,
  { baseline, answers }: Expected,
): Promise<Noted> {
  const noted = await noteState(run, cluster, plan);
  if (baseline) requireSameSystem(baseline.saved, cluster, noted.systemIdentifier);
  run.recorder.record({
    kind: 'episode-started',
    episode: mainPlace.episode,
    expectation: { kind: 'recovered' },
    verification: 'without-ledger',
  });
  run.recorder.record({
    kind: 'observed',
    ...mainPlace,
    value: {
      scope: cluster.description.scope,
      systemIdentifier: noted.systemIdentifier,
      historyBefore: noted.history,
      backup: noted.backup,
      ...(noted.checksums === undefined ? {} : { checksumsBefore: noted.checksums }),
      ...(answers.length > 0 ? { expected: [...answers] } : {}),
      ...(baseline
        ? {
            databases: Object.keys(baseline.saved.baseline.databases).sort(),
            baseline: baseline.saved.baseline,
            baselineFrom: baseline.saved.origin,
            globalsBefore: baseline.saved.globals,
          }
        : {}),
    },
  });
  return noted;
}

/**
 * Looks at what a recovery brought back, without a ledger, and judges it: the same checks as a drill's where they apply
 * (docs/oracle.md, "Without a ledger"). For modes `restore` and `cluster`, once replay has ended. Writes evidence.json and
 * verdict.json; `pgdrill check` comes to the same from the events. The event `recovered` is the caller's, too.
 * @param noted as `noteBeforePitr` gave it
 * @returns never throws for what could not be read: the verdict is unverified then, and says why
 * @throws PGDRILL_INTERRUPTED
 */
export async function verifyPitr(
  run: Run,
  cluster: Cluster,
  recovered: { plan: PitrPlan; result: RecoveryResult; noted: Noted; expected: Expected },
): Promise<{ evidence: Evidence; verdict: Verdict }> {
  const { plan, result, noted, expected } = recovered;
  try {
    await gatherRecovered(run, cluster, {
      plan,
      result,
      noted,
      expected: expected.answers,
      ...(expected.baseline ? { baseline: expected.baseline } : {}),
    });
  } catch (thrown) {
    const reason: unknown = run.signal.aborted ? run.signal.reason : thrown;
    const error = describeError(reason);
    const interrupted = error.code === 'PGDRILL_INTERRUPTED';
    if (interrupted && reason instanceof PgdrillError) throw reason;
    run.recorder.record({ kind: 'error', phase: 'observe', ...error, interrupted });
  }
  const evidence = foldEvents(parseEvents(readFileSync(path.join(run.dir, 'events.jsonl'), 'utf8')));
  run.recorder.write('evidence.json', canonicalJson(evidence));
  const verdict = judge(evidence, { pgdrill: packageVersion() });
  run.recorder.write('verdict.json', canonicalJson(verdict));
  run.recorder.record({ kind: 'verdict', verdict });
  return { evidence, verdict };
}
