import { FormatError } from '../../formats/format-error';
import { parseTargetText, type WrittenTarget } from '../../formats/target-text';
import type { PitrRequest } from '../../record/journal';
import type { RecoveryMode } from '../../record/recovery';
import { risksOf } from '../../recovery/plan/risks';
import { shellWord } from '../../formats/shell-word';
import { programName } from '../program-name';
import { scaleOf } from '../run-options';
import { numberOf, usageError } from '../usage';

/** Options of `pgdrill pitr` as commander gives them. */
export interface PitrFlags {
  server?: string;
  target?: string;
  restore?: boolean;
  walMethod?: string;
  autoStart?: boolean;
  fence?: string;
  pause?: boolean;
  inclusive?: boolean;
  exclusive?: boolean;
  timeline?: string;
  upToGap?: boolean;
  keepOld?: boolean;
  strategy?: string;
  dryRun?: boolean;
  json?: boolean;
  yes?: boolean;
  /** Codes that are forced; `true` where none was given. */
  force?: (string | true)[];
  baseline?: string;
  expect?: string[];
  resume?: boolean;
  rollback?: boolean;
  cluster?: string;
  description?: string;
  deadlineScale?: string;
  reportDir?: string;
  verbose?: boolean;
}

/** What all of the command's forms have in common. */
export interface PitrSetting {
  cluster?: string;
  description?: string;
  /** Patroni's scope, from PATRONI_CLUSTER_NAME. */
  scope?: string;
  deadlineScale: number;
  reportDir?: string;
  json: boolean;
  verbose: boolean;
  yes: boolean;
  baseline?: string;
  expects: string[];
}

/** What is asked of a recovery, as far as it is known without the cluster. */
export type PitrAsk = Pick<
  PitrRequest,
  'backup' | 'mode' | 'fence' | 'walMethod' | 'pause' | 'upToGap' | 'keepOld' | 'force' | 'node'
> & {
  target: WrittenTarget;
  /** The target as it was typed. */
  written: string;
  inclusive: boolean;
  timeline?: number;
  server?: string;
  strategy: Strategy;
  dryRun: boolean;
};

const strategies = ['isolated-node', 'whole-cluster'] as const;
export type Strategy = (typeof strategies)[number];

/** One of the forms of the command. */
export type PitrAction =
  | { do: 'recover'; ask: PitrAsk }
  | { do: 'choose'; flags: PitrFlags }
  | { do: 'status' }
  | { do: 'resume'; id?: string; autoStart: boolean; force: string[] }
  | { do: 'rollback'; id?: string; force: boolean; takeOver: string[] };

/** The refusal that a bare `--rollback --force` overrides. */
const writesCode = 'PGDRILL_WRITES_ACKNOWLEDGED';

const anExample = () =>
  `${programName()} pitr 20260123T120000 '2026-01-23 12:30:00' --target db2 --restore --auto-start`;

/**
 * Checks everything that can be checked with no cluster.
 * @param words what is no option: a backup and a target, `status`, or the id of a recovery
 * @param interactive whether a person can be asked
 * @throws PGDRILL_USAGE
 */
export function pitrAction(words: readonly string[], flags: PitrFlags, interactive: boolean): PitrAction {
  if (flags.resume || flags.rollback || words[0] === 'status') return aboutBegunOne(words, flags);
  if (words.length === 0) {
    if (interactive && !flags.json) return { do: 'choose', flags };
    throw usageError(
      'no backup and no target were given, and there is no terminal to choose them on',
      `give both: ${anExample()}; \`${programName()} pitr --help\` has more examples`,
    );
  }
  const [backup, written, ...more] = words;
  if (more.length > 0)
    throw usageError(
      `too many words: ${more.map((word) => JSON.stringify(word)).join(' ')} behind the target ${JSON.stringify(written)}`,
      /^\d{1,2}:/.test(more[0] ?? '')
        ? `put a target with a space into quotes: ${programName()} pitr ${backup} '${written} ${more[0]}'`
        : `the node is an option: ${programName()} pitr ${backup} ${shellWord(written ?? '')} --target ${more[0]} --restore`,
    );
  if (written === undefined)
    throw usageError(
      `a backup was given (${backup}) and no target`,
      `give a time, \`latest\` or another target behind it: ${anExample()}`,
    );
  return { do: 'recover', ask: pitrAsk(backup!, written, flags) };
}

/** The settings that every form has. @throws PGDRILL_USAGE */
export function pitrSetting(flags: PitrFlags, env: Record<string, string | undefined> = process.env): PitrSetting {
  if (flags.cluster !== undefined && flags.description !== undefined)
    throw usageError('--cluster and --description exclude each other', 'give one of them');
  const scope = env.PATRONI_CLUSTER_NAME;
  return {
    ...(flags.cluster === undefined ? {} : { cluster: flags.cluster }),
    ...(flags.description === undefined ? {} : { description: flags.description }),
    ...(scope ? { scope } : {}),
    deadlineScale: scaleOf(flags.deadlineScale, env),
    ...(flags.reportDir === undefined ? {} : { reportDir: flags.reportDir }),
    json: flags.json ?? false,
    verbose: flags.verbose ?? false,
    yes: flags.yes ?? false,
    ...(flags.baseline === undefined ? {} : { baseline: flags.baseline }),
    expects: flags.expect ?? [],
  };
}

/** One recovery, from its words and options. @throws PGDRILL_USAGE */
export function pitrAsk(backup: string, written: string, flags: PitrFlags): PitrAsk {
  if (flags.inclusive && flags.exclusive)
    throw usageError('--inclusive and --exclusive exclude each other', 'give one of them');
  const target = targetOf(written);
  const mode = modeOf(flags, backup, written);
  const sided = target.kind === 'time' || target.kind === 'lsn' || target.kind === 'xid';
  if (flags.exclusive && !sided)
    throw usageError(
      `a target of this kind has no exclusive side: ${written}`,
      'leave --exclusive out; to keep less, give xid:… or lsn:… of what shall not be kept',
    );
  if (flags.upToGap && target.kind !== 'latest')
    throw usageError('--up-to-gap goes with the target `latest` only', 'give `latest`, or leave --up-to-gap out');
  return {
    backup: backupOf(backup),
    target,
    written: written.trim(),
    inclusive: !flags.exclusive,
    mode,
    ...fenceAndPause(flags, mode),
    walMethod: oneOf('--wal-method', flags.walMethod ?? 'barman-wal-restore', ['barman-wal-restore', 'barman-get-wal']),
    strategy: oneOf('--strategy', flags.strategy ?? 'isolated-node', strategies),
    upToGap: flags.upToGap ?? false,
    keepOld: flags.keepOld ?? false,
    force: forcedCodes(flags.force ?? []),
    ...(flags.target === undefined ? {} : { node: flags.target }),
    ...(flags.server === undefined ? {} : { server: flags.server }),
    ...(flags.timeline === undefined
      ? {}
      : { timeline: numberOf('--timeline', flags.timeline, { least: 1, most: 0xffffffff, whole: true }) }),
    dryRun: flags.dryRun ?? false,
  };
}

function targetOf(written: string): WrittenTarget {
  try {
    return parseTargetText(written);
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    throw usageError(
      `the target ${JSON.stringify(written)} cannot be read: ${error.reason}`,
      `write it like '2026-01-23 12:30:00.123456+07', or latest, immediate, xid:736, lsn:0/3000148, name:before-release`,
    );
  }
}

/** `files` without a node, `apply` with one, `restore` and `cluster` with the options of these names' reference. */
function modeOf({ target, restore, autoStart }: PitrFlags, backup: string, written: string): RecoveryMode {
  if (target === undefined) {
    const option = autoStart ? '--auto-start' : '--restore';
    if (autoStart || restore)
      throw usageError(
        `${option} has no effect without --target: there is no node to start on`,
        `name the node: ${programName()} pitr ${backup} ${shellWord(written)} --target db2 --restore${autoStart ? ' --auto-start' : ''}`,
      );
    return 'files';
  }
  if (autoStart) return 'cluster';
  return restore ? 'restore' : 'apply';
}

function fenceAndPause({ fence, pause, autoStart }: PitrFlags, mode: RecoveryMode): Pick<PitrAsk, 'fence' | 'pause'> {
  if (fence !== undefined && !autoStart)
    throw usageError(
      '--fence says when the other members are stopped, and without --auto-start they are left alone',
      'add --auto-start, or leave --fence out',
    );
  if (pause && mode !== 'restore' && mode !== 'cluster')
    throw usageError(
      '--pause stops the recovery at the target, and without --restore it is not started',
      'add --restore, or leave --pause out',
    );
  return {
    fence: mode === 'cluster' ? oneOf('--fence', fence ?? 'now', ['now', 'cutover']) : 'none',
    pause: pause ?? false,
  };
}

/** An id of Barman's or the begin of one, or one of the words. */
function backupOf(word: string): string {
  if (/^(latest|auto)$/i.test(word)) return word.toLowerCase();
  if (/^\d{1,8}(T\d{0,6})?$/.test(word)) return word;
  throw usageError(
    `"${word}" is no backup id: Barman's look like 20260123T120000`,
    'give one that `barman list-backups` shows, the begin of one, `latest`, or `auto`; the target comes behind it',
  );
}

/** Codes of refusals that are forced. @throws PGDRILL_USAGE, PGDRILL_FORCE_UNKNOWN */
function forcedCodes(given: readonly (string | true)[]): string[] {
  if (given.includes(true))
    throw usageError(
      '--force takes the codes of the risks that are taken, and none was given',
      'the refusal names its code: --force=PGDRILL_PAUSED',
    );
  const codes = wholeCodes(given);
  risksOf(codes);
  return codes;
}

/** Codes made whole that are written without their prefix or in small letters: `--force=paused`. */
function wholeCodes(given: readonly (string | true)[]): string[] {
  return given.flatMap((one) => {
    if (one === true) return [];
    return one.split(',').map((code) => {
      const whole = code.trim().toUpperCase().replaceAll('-', '_');
      if (!/^[A-Z][A-Z_]*$/.test(whole))
        throw usageError(`"${code}" is no code of a refusal`, 'codes look like PGDRILL_PAUSED');
      return whole.startsWith('PGDRILL_') ? whole : `PGDRILL_${whole}`;
    });
  });
}

/** `status`, `--resume` and `--rollback`: about a recovery that has begun. */
function aboutBegunOne(words: readonly string[], flags: PitrFlags): PitrAction {
  const asked = [
    words[0] === 'status' ? 'status' : '',
    flags.resume ? '--resume' : '',
    flags.rollback ? '--rollback' : '',
  ].filter((word) => word !== '');
  if (asked.length > 1) throw usageError(`${asked.join(' and ')} exclude each other`, 'give one of them');
  const rest = words[0] === 'status' ? words.slice(1) : [...words];
  // `--rollback --force 20261121t…`: commander takes the id for the value of --force.
  const swallowed = (flags.force ?? []).filter((one): one is string => one !== true && /^\d/.test(one));
  const [id, ...more] = [...rest, ...swallowed];
  if (more.length > 0 || (asked[0] === 'status' && id !== undefined))
    throw usageError(
      `${asked[0]} takes ${asked[0] === 'status' ? 'no further word' : 'the id of one recovery'}, and got: ${[id, ...more].join(' ')}`,
      `\`${programName()} pitr status\` lists the recoveries that have begun`,
    );
  const recovering = (
    ['target', 'restore', 'pause', 'inclusive', 'exclusive', 'timeline', 'dryRun', 'fence'] as const
  ).filter((name) => flags[name] !== undefined && flags[name] !== false);
  if (recovering.length > 0)
    throw usageError(
      `${asked[0]} goes by what was asked for when the recovery began; options for a new one were given: ${recovering.map((name) => `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`).join(', ')}`,
      'leave them out',
    );
  const which = id === undefined ? {} : { id };
  if (asked[0] === 'status') return { do: 'status' };
  const given = (flags.force ?? []).filter((one) => one !== true && !/^\d/.test(one));
  const codes = wholeCodes(given);
  if (asked[0] === '--resume') return { do: 'resume', ...which, autoStart: flags.autoStart ?? false, force: codes };
  // Without a code: what the recovered leader has acknowledged is thrown away.
  const writes = flags.force !== undefined && given.length < flags.force.length;
  const takeOver = codes.filter((code) => code !== writesCode);
  return { do: 'rollback', ...which, force: writes || codes.includes(writesCode), takeOver };
}

function oneOf<T extends string>(option: string, given: string, allowed: readonly T[]): T {
  const found = allowed.find((one) => one === given);
  if (found !== undefined) return found;
  throw usageError(
    `${option} is "${given}"; there are ${allowed.join(' and ')}`,
    `give one of them: ${option} ${allowed[0]}`,
  );
}
