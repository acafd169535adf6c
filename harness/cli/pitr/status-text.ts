import { labelled } from '../../../reports/paragraph';
import { plural } from '../../../reports/quantity';
import type { RecoveryStatus } from '../../recovery/status';
import { targetText, utcText } from './plan-text';

/**
 * Where the recoveries of a cluster stand that are not over, and what can be done about each. Pure.
 * @param command how `pgdrill pitr` is called for this cluster
 */
export function statusLines(all: readonly RecoveryStatus[], scope: string, command: string, width?: number): string[] {
  if (all.length === 0) return [`no recovery of ${scope} is half-done`];
  return all.flatMap((status, index) => [...(index === 0 ? [] : ['']), ...oneStatus(status, scope, command, width)]);
}

function oneStatus(status: RecoveryStatus, scope: string, command: string, width?: number): string[] {
  const { journal, standing, words, resume, undo } = status;
  const { plan } = journal;
  const line = (label: string, text: string) =>
    labelled(label, text, { indent: 2, column: 11, ...(width ? { width } : {}) });
  const further = plan.mode === 'restore' || plan.mode === 'apply' ? ' --auto-start' : '';
  return [
    `${plan.id}: ${plan.mode === 'files' ? `recovery files of ${scope}` : `recovery of ${scope} on ${plan.node}`} to ${targetText(plan.target)}`,
    ...line('stands', words),
    ...line('since', `${utcText(journal.startedAt)}, from backup ${plan.backup}, mode ${plan.mode}`),
    ...line('done', `${standing.done} of ${plural(plan.steps.length, 'step')}`),
    ...(plan.mode === 'files'
      ? line('go on', `${command} --resume ${plan.id}   # prints the commands that are left, to be typed`)
      : []),
    ...(standing.mayResume && plan.mode !== 'files'
      ? line(
          'go on',
          `${command} --resume ${plan.id}${resume.length === 0 ? further : ''}${resume.length === 0 && further !== '' ? '   # make it the cluster' : ''}${resume.length > 0 ? `   # ${plural(resume.length, 'step')} left, the next: ${resume[0]}` : ''}`,
        )
      : []),
    ...(standing.mayRollBack ? line('back', backText(status, `${command} --rollback ${plan.id}`)) : []),
    ...(standing.mayRollBack && plan.mode !== 'files' && undo.length > 0 && status.noWayBack === undefined
      ? line('', `would take back: ${undo.join(', ')}`)
      : []),
  ];
}

function backText({ journal, noWayBack, writes, uncounted }: RecoveryStatus, rollback: string): string {
  if (journal.plan.mode === 'files')
    return `${rollback}   # removes its files from Barman's container; what was typed by hand it does not take back`;
  if (noWayBack !== undefined) return `no way back: ${noWayBack}`;
  if (uncounted !== undefined) return `${rollback}   # what it would throw away could not be counted: ${uncounted}`;
  if (!writes || writes.count === 0) return `${rollback}   # nothing was written on the recovered data`;
  return `${rollback} --force   # would throw away ${plural(writes.count, 'transaction')} of the recovered leader`;
}
