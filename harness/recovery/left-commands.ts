import type { Cluster } from '../cluster/cluster';
import type { CommandOptions } from '../cluster/command';
import type { ExecResult } from '../engine/container';
import type { Run } from '../run/run';
import { until } from '../run/until';

/** A command that somebody has started in a container from outside and that still runs there. */
export interface LeftCommand {
  pid: number;
  session: number;
  /** Its arguments, joined by spaces. */
  command: string;
}

/**
 * Lists, with nothing but a shell, the processes that were put into a container from outside (`docker exec`): their parent
 * is not in the container, so it is 0 there (pid_namespaces(7), "getppid"). Those with a terminal are a person's. Fields of
 * /proc/<pid>/stat behind the name in brackets: state, parent, process group, session, terminal (proc(5)).
 */
const listing = `for d in /proc/[0-9]*; do
  p=\${d#/proc/}
  [ "$p" = 1 ] || [ "$p" = $$ ] && continue
  read -r stat < $d/stat || continue
  set -- \${stat##*) }
  [ "$1" != Z ] && [ "$2" = 0 ] && [ "$5" = 0 ] || continue
  echo "$p $4 $(tr '\\0\\n' '  ' < $d/cmdline)"
done 2>/dev/null; true`;

/** Reads the list. */
export function parseLeft(text: string): LeftCommand[] {
  return text.split('\n').flatMap((line) => {
    const [, pid, session, command] = /^(\d+) (\d+) (.+?)\s*$/.exec(line) ?? [];
    return command === undefined ? [] : [{ pid: Number(pid), session: Number(session), command }];
  });
}

/** What a step of a recovery starts and what changes something: another try of it must not meet it. */
export function changesSomething(command: string): boolean {
  if (/\bbarman -f json (?!backup\b|-q backup\b)/.test(command)) return false;
  return /(^|[\s/;&'"])(barman|pg_ctl|supervisorctl|rm|mv|cp|chown|chmod|install|touch|rsync|pg_rewind|pg_basebackup|mkdir|ln|tar) /.test(
    command,
  );
}

/** What may run long, and may be cut off anywhere because the next try begins anew: it removes or writes a whole directory. */
export function isCopy(command: string): boolean {
  return /\bbarman\b.* (recover|restore) |(^|[\s;&'"])(rm -rf|chown -R|cp -a|tar) /.test(command);
}

/** A base backup, which another try would only find in its way. */
function isBackup(command: string): boolean {
  return /\bbarman\b.* backup /.test(command);
}

/**
 * A process that is killed leaves at work what it had started in containers: the engine does not end it. Ends the copies,
 * which are made anew, and awaits the rest, which ends by itself.
 * @param options.end `backups` too: nobody shall wait for a base backup of a history that is given up
 */
export async function settleCommands(
  run: Run,
  cluster: Cluster,
  options: { end: 'copies' | 'copies and backups' },
): Promise<void> {
  const ends = (command: string) => isCopy(command) || (options.end === 'copies and backups' && isBackup(command));
  await Promise.all([...cluster.nodes, cluster.barman].map((place) => settle(run, place, ends)));
}

interface Place {
  container: { isRunning(): Promise<boolean>; name: string };
  exec(command: string[], options?: CommandOptions): Promise<ExecResult>;
}

async function settle(run: Run, place: Place, ends: (command: string) => boolean): Promise<void> {
  if (!(await place.container.isRunning())) return;
  let looks = 0;
  let left: LeftCommand[] = [];
  await until(
    'backup made',
    run,
    async () => {
      const { stdout } = await place.exec(['sh', '-c', listing], { check: false });
      left = parseLeft(stdout).filter(({ command }) => changesSomething(command));
      if (left.length === 0) return true;
      if (looks === 0)
        run.note(`still at work in ${place.container.name}: ${left.map(({ command }) => command).join('; ')}`);
      // TERM first; what does not heed it within some looks is killed, and all of its session with it: Barman's rsync too.
      const signal = looks < 20 ? '-TERM' : '-KILL';
      for (const { pid, session } of left.filter(({ command }) => ends(command)))
        await place.exec(['sh', '-c', `pkill ${signal} -s ${session} || kill ${signal} ${pid}`], { check: false });
      looks += 1;
      return false;
    },
    { everyMs: 200, seen: () => left.map(({ command }) => command).join('; ') },
  );
}
