import { messageOf } from '../record/errors';
import type { Evidence } from '../record/evidence';
import { isGreen, type SabotageReport, type SabotageRow, type SabotageTry } from '../record/sabotage';
import type { SessionRun } from '../record/session';
import type { CheckResult, Expectation } from '../record/verdict';
import type { Check, EvidenceSabotage } from './check';
import { judge } from './judge';
import { NothingToSpoil } from './spoiled';
import { allChecks } from './standard';

/** Evidence of a run in which all went well, under the name that the table has for it. */
export interface HonestRun {
  name: string;
  evidence: Evidence;
  /** Ids of the sabotages that it is there for. Default: all. */
  only?: readonly string[];
}

/** A live sabotage: a drill that expects a verdict other than passed. */
export interface LiveSabotage {
  id: string;
  title: string;
  expect: Expectation;
}

/** By its rule it never turns red: without proof of the accident nothing is known (docs/oracle.md, point 1). */
const NEVER_RED: readonly string[] = ['accident'];

/** A run that every check is content with. Nothing can be learnt from spoiling one that is not: it may be red anyway. */
export function isHonest({ evidence }: HonestRun): boolean {
  return isGreen(statuses(evidence));
}

/**
 * Tries one sabotage on every honest run.
 * @param honest runs that `isHonest`
 * @returns its row of the table; a run that does not hold what would be spoiled is `nothing-to-spoil` there
 */
export function trySabotage(sabotage: EvidenceSabotage, honest: readonly HonestRun[]): SabotageRow {
  const row = evidenceRow(sabotage);
  const meant = honest.filter(({ only }) => only?.includes(sabotage.id) ?? true);
  return { ...row, tries: meant.map((run) => tryOn(sabotage, row, run)) };
}

/** A sabotage of evidence before it is tried. */
export function evidenceRow({ id, title, reds, unverified = [] }: EvidenceSabotage): SabotageRow {
  return { kind: 'evidence', id, title, failed: [...reds].sort(), unverified: [...unverified].sort(), tries: [] };
}

/** A live sabotage before it is run. */
export function liveRow({ id, title, expect }: LiveSabotage): SabotageRow {
  const by = expect.kind === 'verdict' ? [...expect.by].sort() : [];
  const red = expect.kind === 'verdict' && expect.outcome === 'failed';
  const beside = red && expect.kind === 'verdict' ? [...(expect.unverified ?? [])].sort() : [];
  return {
    kind: expect.kind === 'red' ? 'cure' : 'live',
    id,
    title,
    failed: red ? by : [],
    unverified: red ? beside : by,
    tries: [],
  };
}

/**
 * What the checks said of a run of a live sabotage. It is noticed where the drill's expectation was met. A run that ended
 * for another reason shows nothing about the checks: that is a miss, with the reason, but where the machine lacks what the drill needs.
 */
export function liveTry({ expect }: LiveSabotage, run: SessionRun): SabotageTry {
  const { verdict, stopped } = run;
  const seen = { on: run.run, ...said(verdict?.checks ?? []) };
  if (expect.kind === 'recovered') {
    return { ...seen, outcome: 'missed', why: 'the drill expects a recovery: that is no sabotage' };
  }
  if (run.outcome === 'passed' && verdict?.expected?.met) return { ...seen, outcome: 'noticed' };
  const code = verdict?.code ?? stopped?.code;
  const reason = verdict?.reason ?? stopped?.what ?? 'no reason is recorded';
  if (run.outcome === 'skipped') return { on: run.run, outcome: 'skipped', failed: [], unverified: [], why: reason };
  return { ...seen, outcome: 'missed', why: `the run was ${run.outcome}: ${reason}${code ? ` (${code})` : ''}` };
}

/**
 * The report of what was tried.
 * @param runs on what, those included that are not honest after all: that is a finding of its own
 * @param all whether every sabotage of evidence was: only then can a check without one be told
 */
export function sabotageReport(
  rows: SabotageRow[],
  runs: readonly HonestRun[],
  options: { pgdrill: string; all: boolean; checks?: readonly Check[] },
): SabotageReport {
  const checks = options.checks ?? allChecks;
  return {
    format: 1,
    pgdrill: options.pgdrill,
    checks: checks.map(({ id, oracle }) => ({ check: id, oracle })),
    honest: runs.map(({ name, evidence }) => ({ on: name, ...statuses(evidence) })),
    rows,
    ...(options.all ? { unturned: unturned(rows, checks) } : {}),
  };
}

/** Checks that no sabotage turns red where it must: each is an error, for it may be one that cannot notice anything. */
export function unturned(rows: readonly SabotageRow[], checks: readonly Check[] = allChecks): string[] {
  const turned = new Set(
    rows.flatMap((row) =>
      row.tries.flatMap(({ failed, unverified }) => [
        ...failed.filter((check) => row.failed.includes(check)),
        ...unverified.filter((check) => NEVER_RED.includes(check) && row.unverified.includes(check)),
      ]),
    ),
  );
  return checks.map(({ id }) => id).filter((id) => !turned.has(id));
}

function tryOn(sabotage: EvidenceSabotage, row: SabotageRow, { name, evidence }: HonestRun): SabotageTry {
  let spoiled: Evidence;
  try {
    spoiled = sabotage.apply(evidence);
  } catch (error) {
    const outcome = error instanceof NothingToSpoil ? 'nothing-to-spoil' : 'missed';
    return { on: name, outcome, failed: [], unverified: [], why: messageOf(error) };
  }
  const found = statuses(spoiled);
  if (same(found.failed, row.failed) && same(found.unverified, row.unverified)) {
    return { on: name, outcome: 'noticed', ...found };
  }
  return { on: name, outcome: 'missed', ...found, why: `expected ${inWords(row)}, found ${inWords(found)}` };
}

function statuses(evidence: Evidence): Pick<SabotageTry, 'failed' | 'unverified'> {
  return said(judge(evidence, { pgdrill: evidence.run.pgdrill }).checks);
}

function said(results: readonly CheckResult[]): Pick<SabotageTry, 'failed' | 'unverified'> {
  const of = (status: string): string[] =>
    results
      .filter((result) => result.status === status)
      .map(({ check }) => check)
      .sort();
  return { failed: of('failed'), unverified: of('unverified') };
}

function same(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((item, index) => item === b[index]);
}

function inWords({ failed, unverified }: Pick<SabotageTry, 'failed' | 'unverified'>): string {
  const parts = [
    ...(failed.length > 0 ? [`red ${failed.join(', ')}`] : []),
    ...(unverified.length > 0 ? [`unverified ${unverified.join(', ')}`] : []),
  ];
  return parts.join('; ') || 'nothing';
}
