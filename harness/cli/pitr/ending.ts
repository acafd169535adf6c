import { labelled } from '../../../reports/paragraph';
import { statusSigns } from '../../../reports/outcome-words';
import { countText, durationText, plural } from '../../../reports/quantity';
import type { PitrRequest } from '../../record/journal';
import { exitCodes } from '../../record/outcome';
import type { PitrPlan, RecoveryResult } from '../../record/recovery';
import { remainingLines, targetText } from './plan-text';
import type { PitrVerification } from './verify';

/** How a recovery ended, for people. */
export interface Ended {
  request: PitrRequest;
  plan: PitrPlan;
  result: RecoveryResult;
  scope: string;
  verification?: PitrVerification;
  durationMs: number;
  /** How the command is called for this recovery: `npx pgdrill pitr --cluster …`. */
  command: string;
  /** The engine's names of the containers, by member. */
  containerOf: (member: string) => string;
  /** Folder of the run, as a person would type it. */
  report: string;
  width?: number;
}

/** The exit code of the contract: 0 as far as was asked and verified, 1 failed, 3 recovered but not verified. Pure. */
export function exitCodeOfEnded({ verification }: Pick<Ended, 'verification'>): number {
  // Where nothing was replayed there is nothing to verify.
  if (!verification) return exitCodes.passed;
  if (verification.outcome === 'passed') return exitCodes.passed;
  return verification.outcome === 'failed' ? exitCodes.failed : exitCodes.unverified;
}

/** What is said at the end of a recovery that came as far as was asked. Pure. */
export function endingLines(ended: Ended): string[] {
  const { plan, result, verification, durationMs, report, width } = ended;
  const line = (label: string, text: string) =>
    labelled(label, text, { indent: 2, column: 11, ...(width ? { width } : {}) });
  return [
    '',
    `${headline(ended)} (${durationText(durationMs)})`,
    ...(verification ? ['', ...checklistLines(verification, width)] : []),
    // The last lines are what most people look for; the commands above them are long.
    ...remainingBlock(plan),
    '',
    ...(result.discarded ? line('discarded', discardedText(result.discarded)) : []),
    ...line('old data', oldDataText(ended)),
    ...wayOnLines(ended, line),
    ...line('report', report),
  ];
}

/** What is said where a recovery stopped half-way: where it stands, and the commands that lead out. Pure. */
export function stoppedLines(at: {
  interrupted: boolean;
  /** Ids of the steps that are done, and of the plan's in order. */
  done: readonly string[];
  steps: readonly { id: string; title: string }[];
  begun: boolean;
  id: string;
  command: string;
  report: string;
}): string[] {
  const { interrupted, done, steps, begun, id, command, report } = at;
  const how = interrupted ? 'Interrupted' : 'Stopped';
  if (!begun) return ['', `${how} before the first step: nothing was changed.`, `  report     ${report}`];
  const next = steps.find((step) => !done.includes(step.id));
  const going = (step: string) =>
    steps.some(({ id: one }) => one === step) && (done.includes(step) || next?.id === step);
  const last = steps.findLast((step) => done.includes(step.id));
  return [
    '',
    `${how} ${next ? `in step ${steps.indexOf(next) + 1} of ${steps.length}, ${next.id}: ${next.title}` : 'after the last step'}`,
    '',
    ...(going('fence') && !done.includes('lead') ? [`  NOW        ${downText(done.includes('fence'))}`] : []),
    `  done       ${last ? `steps 1 to ${steps.indexOf(last) + 1}, the last one ${last.id}` : 'none of the steps'}`,
    `  go on      ${command} --resume ${id}`,
    `  or back    ${command} --rollback ${id}`,
    `  look       ${command} status`,
    `  report     ${report}`,
  ];
}

/** What a stop between the fence and the new leader means for clients. */
function downText(fenced: boolean): string {
  return `${fenced ? 'the members are stopped: no client can' : 'members may be stopped: clients may not'} read or write until one of these two is done`;
}

/** The checklist: what was looked at, and how it was found. Pure. */
export function checklistLines({ checklist, notCovered }: PitrVerification, width?: number): string[] {
  const signs = { ok: statusSigns.ok, bad: statusSigns.failed, unknown: statusSigns.unverified };
  const column = Math.max(...checklist.map(({ title }) => title.length), 8) + 4;
  const at = { indent: 2, column, ...(width ? { width } : {}) };
  return [
    ...checklist.flatMap(({ title, state, found }) => labelled(`${signs[state]} ${title}`, found, at)),
    ...notCovered.flatMap((text) => labelled(`${statusSigns['not-applicable']} not seen`, text, at)),
  ];
}

function headline({ plan, result, scope, verification }: Ended): string {
  const at = targetText(plan.target);
  switch (plan.mode) {
    case 'files':
      return `The recovery files for ${at} are made`;
    case 'apply':
      return `${plan.node} holds the backup and is ready to recover to ${at}; it is not started`;
    default:
  }
  if (result.outcome === 'waiting' && result.newTimeline === undefined)
    return `${plan.node} stands at the target, ${at}, readable and not promoted`;
  const where =
    plan.mode === 'cluster'
      ? `${plan.node} leads ${scope}${result.newTimeline === undefined ? '' : `, recovered as timeline ${result.newTimeline}`}`
      : `${plan.node} is recovered and promoted, outside Patroni${result.newTimeline === undefined ? '' : `, on timeline ${result.newTimeline}`}`;
  const words = { passed: 'Recovered and verified', failed: 'Recovered, and something is WRONG' };
  const how =
    verification?.outcome === 'passed' || verification?.outcome === 'failed'
      ? words[verification.outcome]
      : 'Recovered, NOT verified';
  return `${how}: ${where}`;
}

function discardedText({ before, during }: NonNullable<RecoveryResult['discarded']>): string {
  if (before + during === 0) return 'nothing was committed after the target';
  return `${plural(before + during, 'transaction')} committed after the target: ${countText(before)} before the recovery began, ${countText(during)} while it went on`;
}

function oldDataText({ plan, request, containerOf }: Ended): string {
  if (plan.mode === 'files') return 'no data directory was touched';
  const kept = `${plan.keptDirectory} in ${containerOf(plan.node)}`;
  if (plan.mode !== 'cluster') return `kept: ${kept}`;
  return request.keepOld
    ? `kept (--keep-old): ${kept}; remove it when it is not needed: docker exec ${containerOf(plan.node)} rm -rf ${plan.keptDirectory}`
    : 'removed once every member had rejoined; --keep-old keeps it';
}

/** How to go on, and how to go back. */
function wayOnLines(
  { plan, request, result, command }: Ended,
  line: (label: string, text: string) => string[],
): string[] {
  if (plan.mode === 'files') return [];
  if (plan.mode === 'cluster' && result.outcome === 'done') {
    // Kept with the old data, until it is removed by hand.
    return request.keepOld ? line('way back', `${command} --rollback ${plan.id}`) : [];
  }
  const further = plan.mode === 'cluster' ? '' : ' --auto-start';
  const goes = plan.mode === 'cluster' ? 'promote it and go on' : 'make it the cluster';
  return [
    ...line('go on', `${command} --resume ${plan.id}${further}   # ${goes}`),
    ...line('or back', `${command} --rollback ${plan.id}   # the old data and ${plan.node} as it was`),
  ];
}

/** What is left to do by hand, where nobody does it. */
function remainingBlock({ remaining = [], mode }: PitrPlan): string[] {
  if (mode === 'cluster' || remaining.length === 0) return [];
  const where = mode === 'files' ? 'What is left to do' : 'Or by hand';
  return ['', `${where}, in this order (it can be pasted into a shell):`, '', ...remainingLines(remaining)];
}
