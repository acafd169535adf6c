import { messageOf, PgdrillError } from '../../record/errors';
import { until } from '../../run/until';
import { isolatedHba, isolatedHbaFile, isolatedOptions } from '../plan/recovery-settings';
import type { Site } from '../site';
import { enoughSettings } from './enough-settings';

/**
 * Starts PostgreSQL outside Patroni: only the superuser may connect, nothing is archived, and no subscription starts to
 * consume its publisher's slot, until the cluster has been told that this is its leader. One that runs already was started
 * by an earlier try of the same step.
 */
export async function startIsolated(site: Site): Promise<void> {
  const { node } = site;
  if (await node.hasPostmaster()) return;
  await node.container.putFiles([{ target: isolatedHbaFile, content: `${isolatedHba.join('\n')}\n`, mode: 0o644 }]);
  const options = [
    ...isolatedOptions(node.dataDir),
    ...(await enoughSettings(site)).map((setting) => `-c ${setting}`),
  ].join(' ');
  await node.exec([
    'su',
    node.osUser,
    '-c',
    `${node.binDir}/pg_ctl -D ${node.dataDir} -s -W -o "${options}" start >>${node.startLog} 2>&1`,
  ]);
}

/**
 * Waits until the server has left recovery, or stands at its target and waits to be told to go on.
 * @throws PGDRILL_RECOVERY_FAILED with the server's own last words
 */
export async function awaitStop(site: Site): Promise<'paused' | 'promoted'> {
  const { run, node } = site;
  let seen = 'no answer';
  return until(
    'recovery finished',
    run,
    async () => {
      try {
        const [row] = await node.query<{ recovering: boolean; state: string; lsn: string | null }>(
          `SELECT pg_is_in_recovery() AS recovering, pg_last_wal_replay_lsn()::text AS lsn,
                  CASE WHEN pg_is_in_recovery() THEN pg_get_wal_replay_pause_state() END AS state`,
        );
        if (row?.recovering === false) return 'promoted';
        seen = `replayed up to ${row?.lsn ?? '?'}`;
        if (row?.state !== 'paused') return undefined;
        if (site.plan.pause) return 'paused';
        throw await stuck(site, seen);
      } catch (error) {
        seen = messageOf(error);
        if (!(await node.hasPostmaster())) throw await endedEarly(site);
        return undefined;
      }
    },
    { seen: () => seen },
  );
}

/** A server that may not go on without more of something than its configuration has, and was never told to pause. */
async function stuck({ node }: Site, where: string): Promise<PgdrillError> {
  const words = (await node.serverLog()).split('\n').filter((line) => /WARNING: {2}|recovery has paused/.test(line));
  return new PgdrillError(
    'PGDRILL_RECOVERY_FAILED',
    `PostgreSQL on ${node.name} has paused before the target, ${where}: ${words.slice(-3).join(' | ')}`,
    'raise the setting that it names in the configuration of the cluster, then resume',
  );
}

async function endedEarly({ node }: Site): Promise<PgdrillError> {
  const tail = (await node.serverLog())
    .split('\n')
    .filter((line) => /FATAL|PANIC|ERROR|LOG: {2}(redo|recovery|last)/.test(line));
  return new PgdrillError(
    'PGDRILL_RECOVERY_FAILED',
    `PostgreSQL on ${node.name} ended before it reached the target: ${tail.slice(-3).join(' | ')}`,
    'the log of the node is kept with the run; the old data directory is still beside the new one',
  );
}
