import type { RescueResult } from '../../record/rescue';
import type { RecoveryPlan } from '../../record/recovery';
import type { RescuePlan } from '../../recovery/plan/surgical';
import type { RowSample } from '../../recovery/plan/surgical-facts';
import { targetText } from '../pitr/plan-text';

/** What a rescue will change, before it does: counts, the first rows of each kind, warnings. Pure. */
export function changeLines(plan: RescuePlan, recorded: RecoveryPlan): string[] {
  const { will, chosen, samples, shape } = plan;
  const counts = [
    `  at the target  ${number(chosen)} rows chosen (${targetText(recorded.target)}, backup ${recorded.backup})`,
    ...(shape.create === 'as-it-was' ? ['  the table      is not there, and is made anew as it was'] : []),
    ...(shape.create === 'copy' ? [`  the table      ${shape.into} is made for them`] : []),
    `  come back      ${number(will.insert)}`,
    ...(shape.create
      ? []
      : [
          `  overwritten    ${number(will.update)}`,
          `  removed        ${number(will.remove)}`,
          `  left as is     ${number(will.leave)}`,
        ]),
  ];
  const kinds: [RowSample['kind'], string][] = [
    ['missing', 'missing now'],
    ['differing', 'otherwise now'],
    ['extra', 'not there at the target'],
  ];
  const rows = kinds.flatMap(([kind, title]) => {
    const some = samples.filter((one) => one.kind === kind);
    return some.length === 0 ? [] : [`  ${title}, the first:`, ...some.flatMap(rowLines)];
  });
  const warnings = plan.warnings.map((text) => `  ! ${text}`);
  return [
    'What changes',
    '',
    ...counts,
    ...(rows.length > 0 ? ['', ...rows] : []),
    ...(warnings.length > 0 ? ['', ...warnings] : []),
  ];
}

/** The steps that are left, with the commands that a person would type for the same. Pure. */
export function remainingSteps({ steps }: RescuePlan): string[] {
  return [
    'Steps',
    '',
    ...steps.flatMap(({ title, commands }) => [`  ${title}`, ...commands.map((one) => `    ${one}`)]),
  ];
}

/** How it ended. Pure. */
export function rescuedLines(result: RescueResult, leader: string, report: string): string[] {
  const { inserted, updated, removed, left, digest, members } = result;
  return [
    '',
    `Rescued: ${result.newTable ?? result.table} in database ${result.database}; ${leader} led all the while`,
    '',
    `  rows         ${number(inserted)} came back, ${number(updated)} overwritten, ${number(removed)} removed${left === '0' ? '' : `, ${number(left)} left as they are`}`,
    `  verified     ${number(digest.leader.rows)} rows the same at the target and on ${members.map(({ member }) => member).join(', ')}`,
    `  report       ${report}`,
  ];
}

function rowLines({ key, atTarget, now }: RowSample): string[] {
  if (atTarget !== undefined && now !== undefined)
    return [`    ${key}  was ${atTarget}`, `    ${' '.repeat(key.length)}  is  ${now}`];
  return [`    ${key}  ${atTarget ?? now ?? ''}`];
}

function number(text: string): string {
  return BigInt(text).toLocaleString('en');
}
