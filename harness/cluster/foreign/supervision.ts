import { PgdrillError } from '../../record/errors';
import { lineage, type Process } from './processes';

/** What keeps Patroni running in a container. */
export type Supervisor =
  | { kind: 'supervisord'; child: number; configFile?: string }
  | { kind: 'runit' | 's6'; process: number }
  | { kind: 'systemd'; process: number };

/** Commands that start Patroni and stop it. */
export interface Supervision {
  start: string[];
  stop: string[];
}

/** What keeps Patroni running, from the processes above it; undefined where nothing does: then it ends with its container. */
export function supervisorOf(processes: readonly Process[], patroni: Process): Supervisor | undefined {
  const line = lineage(processes, patroni);
  for (const [index, process] of line.entries()) {
    const below = line[index - 1];
    if (!below) continue;
    const at = process.arguments.findIndex((word) => /(^|\/)supervisord$/.test(word));
    if (process.name === 'supervisord' || at >= 0) {
      const option = process.arguments.findIndex((word) => word === '-c' || word === '--configuration');
      const configFile = option < 0 ? undefined : process.arguments[option + 1];
      return { kind: 'supervisord', child: below.pid, ...(configFile === undefined ? {} : { configFile }) };
    }
    if (process.name === 'runsv') return { kind: 'runit', process: process.pid };
    if (process.name === 's6-supervise') return { kind: 's6', process: process.pid };
    if (process.pid === 1 && process.name === 'systemd') return { kind: 'systemd', process: patroni.pid };
  }
  return undefined;
}

/**
 * The commands for a program of supervisord.
 * @param status what `supervisorctl status` printed: `patroni   RUNNING   pid 35, uptime 0:00:12`
 * @returns undefined where no program has that process
 */
export function supervisordCommands(
  { child, configFile }: { child: number; configFile?: string },
  status: string,
): Supervision | undefined {
  const row = status.split('\n').find((line) => new RegExp(`\\bpid ${child},`).test(line));
  const program = row?.trim().split(/\s+/)[0];
  if (program === undefined) return undefined;
  const control = ['supervisorctl', ...(configFile === undefined ? [] : ['-c', configFile])];
  return { start: [...control, 'start', program], stop: [...control, 'stop', program] };
}

/** The commands for a service folder of runit or s6. */
export function serviceCommands(kind: 'runit' | 's6', folder: string): Supervision {
  return kind === 'runit'
    ? { start: ['sv', 'start', folder], stop: ['sv', '-w', '120', 'stop', folder] }
    : { start: ['s6-svc', '-u', folder], stop: ['s6-svc', '-wD', '-T', '120000', '-d', folder] };
}

/**
 * The commands for a unit of systemd.
 * @param cgroup text of `/proc/<pid>/cgroup`: `0::/system.slice/patroni.service`
 */
export function systemdCommands(cgroup: string): Supervision | undefined {
  const unit = /\/([^/\n]+\.service)\s*$/m.exec(cgroup)?.[1];
  return unit === undefined ? undefined : { start: ['systemctl', 'start', unit], stop: ['systemctl', 'stop', unit] };
}

/** @returns PGDRILL_PATRONI_IS_PID1: nothing in the container can stop Patroni without ending the container */
export function unsupervised(container: string, first: Process | undefined): PgdrillError {
  const what = first ? `"${first.arguments.join(' ') || first.name}"` : 'Patroni';
  return new PgdrillError(
    'PGDRILL_PATRONI_IS_PID1',
    `${container}: nothing keeps the container up without Patroni: its first process is ${what}`,
    'a recovery stops Patroni and works on in the container: run it under supervisord, runit, s6 or systemd; or, where ' +
      'something else starts and stops it there, give both commands in the description as patroni: { start: …, stop: … }',
  );
}
