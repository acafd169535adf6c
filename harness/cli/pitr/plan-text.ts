import { bytesText, plural } from '../../../reports/quantity';
import { labelled } from '../../../reports/paragraph';
import type { BackupRef } from '../../record/backup-ref';
import type { PitrRequest } from '../../record/journal';
import type { PitrPlan, PlannedStep, RecoveryTarget } from '../../record/recovery';
import { utcTime } from '../../formats/timestamptz';

/** What a plan is shown with: what was asked, and what was found beside the plan. */
export interface ShownPlan {
  request: PitrRequest;
  plan: PitrPlan;
  scope: string;
  /** The plan's backup; absent where Barman could not be asked. */
  backup?: BackupRef;
  /** Segments that Barman holds. */
  held: readonly string[];
  /** How the target was read, where something had to be read into it. */
  reading?: string;
  width?: number;
}

const column = 10;

/** What will be done, before it is done: the head of a recovery's output. Pure. */
export function headingLines(shown: ShownPlan): string[] {
  const { plan, request, scope, reading } = shown;
  const line = (label: string, text: string) => labelled(label, text, { indent: 2, column, ...width(shown) });
  return [
    `Point-in-time recovery of ${scope}`,
    '',
    ...line('backup', backupText(shown)),
    ...line('target', `${targetText(plan.target)}, on timeline ${plan.targetTimeline}`),
    ...(reading === undefined ? [] : line('', reading)),
    ...line('node', nodeText(plan)),
    ...line('mode', modeText(plan)),
    ...(plan.mode === 'cluster' ? line('fence', fenceText(plan)) : []),
    ...line('WAL', walText(shown)),
    ...line('id', request.id),
    ...(plan.warnings.length === 0 ? [] : ['']),
    ...plan.warnings.flatMap((text) => labelled('warning', text, { indent: 2, column, ...width(shown) })),
  ];
}

/** The whole plan, for `--dry-run`. Pure. */
export function planLines(shown: ShownPlan): string[] {
  const { plan } = shown;
  const rejoin = plan.others.map(({ member, rejoin: by, reason }) => `  ${member.padEnd(column)}by ${by}: ${reason}`);
  return [
    ...headingLines(shown),
    '',
    ...(plan.mode === 'cluster' && rejoin.length > 0 ? ['How the other members come back', '', ...rejoin, ''] : []),
    `${plural(plan.steps.length, 'step')}${plan.newTimeline === undefined || plan.mode === 'files' ? '' : `; the recovered data will be on timeline ${plan.newTimeline}`}`,
    '',
    ...stepLines(plan.steps),
    '',
    'Nothing was changed.',
  ];
}

/** Steps with their numbers, what each changes, how it is taken back, and the commands for the same. Pure. */
export function stepLines(steps: readonly PlannedStep[]): string[] {
  return steps.flatMap((step, index) => [
    `${String(index + 1).padStart(3)}. ${step.title}  [${step.id}]`,
    `     changes  ${step.changes}`,
    ...(step.undo === undefined ? [] : [`     undo     ${step.undo}`]),
    ...step.commands.map((command) => `       ${command.replaceAll('\n', '\n       ')}`),
  ]);
}

/**
 * Commands that lead on from where a recovery stopped: a block to paste into a shell as it stands, each step's title as a
 * comment above. Pure.
 */
export function remainingLines(steps: readonly PlannedStep[]): string[] {
  return steps.flatMap((step, index) => [
    ...(index === 0 ? [] : ['']),
    `# ${index + 1}. ${step.title}`,
    ...step.commands,
  ]);
}

/** A target in words, times in UTC. Pure. */
export function targetText(target: RecoveryTarget): string {
  switch (target.kind) {
    case 'time':
      return `${utcText(target.time)}${target.inclusive ? '' : ', exclusive'}`;
    case 'lsn':
      return `LSN ${target.lsn}, ${sideText(target.inclusive)}`;
    case 'xid':
      return `transaction ${target.xid}, ${sideText(target.inclusive)}`;
    case 'name':
      return `restore point "${target.name}"`;
    case 'immediate':
      return 'as soon as the backup is consistent (immediate)';
    case 'latest':
      return 'the end of the WAL (latest)';
  }
}

const sideText = (inclusive: boolean) => (inclusive ? 'inclusive' : 'exclusive');

/** `2026-01-23 05:30:00.123456 UTC`; a fraction of nothing is left out. */
export function utcText(time: string): string {
  return `${utcTime(time).replace(/(\.000000)?\+00$/, '')} UTC`;
}

function backupText({ backup, plan, request }: ShownPlan): string {
  const why =
    request.backup === 'auto'
      ? 'the newest that ends before the target'
      : request.backup === 'latest'
        ? 'the newest'
        : request.backup === plan.backup
          ? undefined
          : `the only one that begins with ${request.backup}`;
  const facts = backup
    ? [
        `ended ${utcText(backup.endTime).replace(/\.\d+ UTC$/, ' UTC')}`,
        `timeline ${backup.timeline}`,
        ...(backup.bytes === undefined ? [] : [bytesText(Number(backup.bytes))]),
      ]
    : [];
  return `${plan.backup}${why === undefined ? '' : `, ${why}`}${facts.length > 0 ? `: ${facts.join(', ')}` : ''}`;
}

function nodeText({ node, mode, keptDirectory, leader }: PitrPlan): string {
  if (mode === 'files') return 'none: the files are made on the Barman server';
  const role =
    leader === undefined ? ', no member leads now' : leader === node ? ', the leader' : `; ${leader} leads now`;
  return `${node}${role}. Its data is kept as ${keptDirectory}`;
}

function modeText({ mode, node, others, pause }: PitrPlan): string {
  const names = others.map(({ member }) => member).join(' and ');
  const look = pause ? ', after a look at the target' : '';
  switch (mode) {
    case 'files':
      return 'files: recovery files are made, everything else is printed as commands';
    case 'apply':
      return `apply: restored in place on ${node}, not started`;
    case 'restore':
      return `restore: replayed on ${node} and promoted outside Patroni${look}; ${names === '' ? 'no other member' : names} left alone`;
    case 'cluster':
      return `cluster: replayed on ${node}, which then leads${look}${names === '' ? '' : `; ${names} rejoin${others.length === 1 ? 's' : ''}`}`;
  }
}

function fenceText({ fence }: PitrPlan): string {
  return fence === 'cutover'
    ? 'cutover: the old leader goes on until the recovered node is ready; what it acknowledges meanwhile is discarded, and counted'
    : 'now: every member is stopped, and refuses a write, before the backup is touched';
}

function walText({ plan, held }: ShownPlan): string {
  const needed = plan.segments.length;
  const there = plan.segments.filter((name) => held.includes(name)).length;
  const range =
    needed === 0 ? '' : needed === 1 ? ` (${plan.segments[0]})` : ` (${plan.segments[0]} to ${plan.segments.at(-1)})`;
  const rest =
    there === needed
      ? 'all in the archive'
      : `${there} in the archive, ${needed - there} to be archived before anything is stopped`;
  return `${plural(needed, 'segment')}${range}, ${rest}; by ${plan.walMethod}`;
}

const width = ({ width: characters }: ShownPlan) => (characters === undefined ? {} : { width: characters });
