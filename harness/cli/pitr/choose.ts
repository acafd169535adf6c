import { bytesText } from '../../../reports/quantity';
import { shellWord } from '../../formats/shell-word';
import { FormatError } from '../../formats/format-error';
import { parseTargetText } from '../../formats/target-text';
import type { PitrFacts } from '../../recovery/plan/facts';
import { backupsForPeople, type BackupForPeople } from '../../recovery/plan/recoverable-range';
import { programName } from '../program-name';
import { tableText } from '../table';
import type { Asker } from './asker';
import type { PitrFlags } from './options';
import { utcText } from './plan-text';

/** What a person chose: the words and options that would have said the same. */
export interface Chosen {
  backup: string;
  target: string;
  flags: PitrFlags;
}

/** Where a question is asked, and where what it is about is shown. */
export interface Choosing {
  asker: Pick<Asker, 'ask'>;
  print(text: string): void;
  /** Why a target that can be read cannot be reached from a backup; undefined where it can, or where nobody knows yet. */
  whyNot?(target: string, backup: BackupForPeople): Promise<string | undefined>;
}

/**
 * Lets a person choose backup, target, node and how far to go; each with what there is and what is usual. Nothing is
 * changed by it.
 * @param flags options that were given: what they say is not asked
 * @param zone the zone in which a time without one is read
 */
export async function choose(
  { asker, print, whyNot }: Choosing,
  facts: PitrFacts,
  flags: PitrFlags,
  zone: string,
): Promise<Chosen> {
  const backup = await chooseBackup({ asker, print }, facts);
  const target = await chooseTarget({ asker, print, ...(whyNot ? { whyNot } : {}) }, backup, zone);
  const node = flags.target ?? (await chooseNode({ asker, print }, facts));
  const far = node === undefined || flags.restore || flags.autoStart ? {} : await chooseHowFar({ asker, print });
  const chosen = {
    backup: backup.id,
    target,
    flags: { ...flags, ...(node === undefined ? {} : { target: node }), ...far },
  };
  print(`\nThe same as a command:\n  ${typed(chosen)}`);
  return chosen;
}

/** The Barman server, where there are several. */
export async function chooseServer(
  { asker, print }: Choosing,
  servers: readonly string[],
  own: string,
): Promise<string> {
  if (servers.length <= 1) return own;
  print(['Barman has several servers:', ...servers.map((name, index) => `  ${index + 1}  ${name}`)].join('\n'));
  const index = await numbered(asker, print, 'server', servers.length, servers.indexOf(own) + 1);
  return servers[index - 1] ?? own;
}

async function chooseBackup({ asker, print }: Choosing, facts: PitrFacts): Promise<BackupForPeople> {
  const all = backupsForPeople(facts);
  const usable = all.filter(({ range }) => range !== undefined);
  print(`\nBackups of ${facts.server}, newest first:\n${backupTable(all, usable)}`);
  if (usable.length === 0) {
    // The planner's refusal says what to do about it.
    return all[0] ?? { id: 'auto', begin: '', end: '', timeline: facts.timeline };
  }
  return usable[(await numbered(asker, print, 'backup', usable.length, 1)) - 1]!;
}

/** A table of backups; those that are of no use have no number, and say why. Pure. */
export function backupTable(all: readonly BackupForPeople[], usable: readonly BackupForPeople[]): string {
  const rows = all.map((backup) => [
    usable.includes(backup) ? String(usable.indexOf(backup) + 1) : '-',
    backup.id,
    utcText(backup.begin).replace(/\.\d+ UTC$/, ' UTC'),
    utcText(backup.end).replace(/\.\d+ UTC$/, ' UTC'),
    backup.bytes === undefined ? '?' : bytesText(Number(backup.bytes)),
    String(backup.timeline),
    backup.unusable ?? '',
  ]);
  return tableText(['', 'backup', 'begin', 'end', 'size', 'timeline', ''], rows);
}

async function chooseTarget(
  { asker, print, whyNot }: Choosing,
  backup: BackupForPeople,
  zone: string,
): Promise<string> {
  const { range } = backup;
  if (range) {
    const end = (place: { lsn: string; time?: string }) =>
      `${place.time === undefined ? 'a time not known' : utcText(place.time)} (${place.lsn})`;
    print(
      `\nFrom it recovery is possible\n  from  ${end(range.from)}\n  to    ${end(range.to)}${range.hole === undefined ? '' : `, where segment ${range.hole} is missing`}`,
    );
  }
  print(`A time without a zone is read in ${zone}. Also: latest, immediate, xid:…, lsn:…, name:…`);
  for (;;) {
    const answer = await asker.ask('target [latest]: ');
    if (answer === '') return 'latest';
    try {
      parseTargetText(answer);
      const reason = await whyNot?.(answer, backup);
      if (reason === undefined) return answer;
      print(`  ${reason}`);
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      print(`  ${error.reason}`);
    }
  }
}

/** @returns undefined for none: recovery files only */
async function chooseNode({ asker, print }: Choosing, facts: PitrFacts): Promise<string | undefined> {
  const { members } = facts;
  const roleOf = (one: (typeof members)[number]) =>
    [
      one.leader ? 'leader: its data is the way back, so a replica is the better choice' : 'replica',
      ...(one.running ? [] : ['its container does not run']),
      ...(one.nofailover ? ['tag nofailover: it can never lead'] : []),
    ].join('; ');
  const lines = members.map((one, index) => `  ${index + 1}  ${one.name}  ${roleOf(one)}`);
  print(
    ['', 'The node to recover on:', '  0  none: make recovery files, print the rest as commands', ...lines].join('\n'),
  );
  const usual = members.findIndex((one) => !one.leader && one.running && !one.nofailover) + 1;
  const index = await numbered(asker, print, 'node', members.length, usual === 0 ? 1 : usual, 0);
  return members[index - 1]?.name;
}

async function chooseHowFar({ asker, print }: Choosing): Promise<Pick<PitrFlags, 'restore' | 'autoStart'>> {
  print(
    [
      '',
      'How far:',
      '  1  put in place, not started',
      '  2  recovered and promoted outside Patroni; the cluster goes on as it is',
      '  3  recovered, made the leader, the other members rejoined',
    ].join('\n'),
  );
  const index = await numbered(asker, print, 'how far', 3, 2);
  return index === 1 ? {} : index === 2 ? { restore: true } : { restore: true, autoStart: true };
}

/** Asks for a number until one fits; an empty answer is the usual one. */
async function numbered(
  asker: Pick<Asker, 'ask'>,
  print: (text: string) => void,
  what: string,
  most: number,
  usual: number,
  least = 1,
): Promise<number> {
  for (;;) {
    const answer = await asker.ask(`${what} [${usual}]: `);
    if (answer === '') return usual;
    const number = /^\d+$/.test(answer) ? Number(answer) : Number.NaN;
    if (number >= least && number <= most) return number;
    print(`  a number from ${least} to ${most}`);
  }
}

/** The command that says the same. */
function typed({ backup, target, flags }: Chosen): string {
  const words = [programName(), 'pitr', backup, shellWord(target)];
  const valued: [string, string | undefined][] = [
    ['--cluster', flags.cluster],
    ['--description', flags.description],
    ['--server', flags.server],
    ['--target', flags.target],
    ['--wal-method', flags.walMethod],
    ['--fence', flags.fence],
    ['--timeline', flags.timeline],
    ['--strategy', flags.strategy],
  ];
  const set: [string, boolean | undefined][] = [
    ['--restore', flags.restore],
    ['--auto-start', flags.autoStart],
    ['--pause', flags.pause],
    ['--exclusive', flags.exclusive],
    ['--up-to-gap', flags.upToGap],
    ['--keep-old', flags.keepOld],
  ];
  for (const [option, value] of valued) if (value !== undefined) words.push(option, shellWord(value));
  for (const [option, value] of set) if (value) words.push(option);
  return words.join(' ');
}
