import type { Process } from './processes';
import { serviceCommands, supervisordCommands, supervisorOf, systemdCommands, type Supervision } from './supervision';

/**
 * The commands that start and stop a process together with what keeps it running.
 * @param exec runs a shell script in the container and returns what it printed
 * @returns undefined where nothing keeps it running
 */
export async function findSupervision(
  processes: readonly Process[],
  process: Process,
  exec: (script: string, ...words: string[]) => Promise<string>,
): Promise<Supervision | undefined> {
  const supervisor = supervisorOf(processes, process);
  switch (supervisor?.kind) {
    case 'supervisord': {
      const config = supervisor.configFile;
      const status = await exec('supervisorctl "$@" status', ...(config === undefined ? [] : ['-c', config]));
      return supervisordCommands(supervisor, status);
    }
    case 'runit':
    case 's6': {
      // Both change into the service's folder.
      const folder = (await exec('readlink "/proc/$1/cwd"', String(supervisor.process))).trim();
      return folder === '' ? undefined : serviceCommands(supervisor.kind, folder);
    }
    case 'systemd':
      return systemdCommands(await exec('cat "/proc/$1/cgroup"', String(supervisor.process)));
    case undefined:
      return undefined;
  }
}
