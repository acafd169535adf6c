import { searchSecrets } from '../observe/collectors/secrets';
import type { RoleWatcher } from '../observe/roles/role-watcher';
import { messageOf } from '../record/errors';
import type { Run } from '../run/run';
import { keepLogs } from './container-logs';
import { mainPlace, type Stage } from './stage';

/**
 * What is recorded while the containers are still there, however the run went: who led when, the containers' logs, and
 * whether a secret got into anything that a person could read. Never throws: what could not be looked at is not recorded,
 * and makes its check unverified.
 */
export async function lastLooks(run: Run, { engine }: Stage, watcher: RoleWatcher | undefined): Promise<void> {
  if (watcher) run.recorder.record({ kind: 'observed', ...mainPlace, value: { roles: await watcher.stop() } });
  await keepLogs(run, engine);
  if (run.signal.aborted) return;
  try {
    run.recorder.record({ kind: 'secrets-searched', value: await searchSecrets(run, engine) });
  } catch (error) {
    run.recorder.record({ kind: 'warning', text: `secrets could not be searched for: ${messageOf(error)}` });
  }
}
