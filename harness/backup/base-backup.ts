import type { Cluster } from '../cluster/cluster';
import { parseBackupInfo } from '../formats/backup-info';
import type { BackupRef } from '../record/backup-ref';
import { PgdrillError } from '../record/errors';
import type { Run } from '../run/run';
import { until } from '../run/until';
import { parseCheck, parseListBackups, parseShowBackup, type FailingCheck } from './barman-json';
import { switchAndArchive } from './wal-archive';

/**
 * Makes a base backup with `barman backup` and waits until it is usable: status DONE, not WAITING_FOR_WALS, which
 * `barman recover` takes with a warning and exit code 0.
 * @throws PGDRILL_BACKUP_FAILED with Barman's own words, PGDRILL_DEADLINE
 */
export async function makeBackup(run: Run, cluster: Cluster): Promise<BackupRef> {
  const started = performance.now();
  const { barman } = cluster;
  await awaitBarmanReady(run, cluster);
  const before = new Set((await listBackups(cluster)).map((backup) => backup.id));
  const made = await barman.barman(['backup', barman.server], { deadline: 'backup made', check: false });
  const fresh = (await listBackups(cluster)).find((backup) => !before.has(backup.id));
  if (made.exitCode !== 0 || !fresh || fresh.status === 'FAILED') {
    throw new PgdrillError(
      'PGDRILL_BACKUP_FAILED',
      `"barman backup ${barman.server}" ended with ${made.exitCode}${fresh ? ` and status ${fresh.status}` : ''}: ${(made.stderr || made.stdout).trim().slice(-500)}`,
      'look at barman.log, kept with the run',
    );
  }
  const leader = await cluster.leader();
  let seen = fresh.status;
  const done = await until(
    'backup usable',
    run,
    async () => {
      const backup = await showBackup(cluster, fresh.id);
      seen = backup.status;
      if (backup.status === 'DONE') return backup;
      await switchAndArchive(run, barman, leader);
      return undefined;
    },
    { seen: () => `backup ${fresh.id} is ${seen}` },
  );
  return { ...done, durationMs: Math.round(performance.now() - started) };
}

/**
 * Waits until Barman can back up: it is connected, receives WAL and has one archived segment, without which
 * `barman backup` refuses ("WAL archive").
 */
export async function awaitBarmanReady(run: Run, cluster: Cluster): Promise<void> {
  const { barman } = cluster;
  await until(
    'barman connected',
    run,
    async () => (await barman.exec(['pgrep', '-u', 'barman', 'pg_receivewal'], { check: false })).exitCode === 0,
  );
  await switchAndArchive(run, barman, await cluster.leader());
}

/** All backups of the cluster's server, as Barman lists them. */
export async function listBackups(cluster: Cluster): Promise<{ id: string; status: string }[]> {
  const { barman } = cluster;
  return parseListBackups(barman.server, await barman.json(['list-backups', barman.server]));
}

/** One backup, by Barman's id. */
export async function showBackup(cluster: Cluster, id: string): Promise<BackupRef> {
  const { barman } = cluster;
  const [shown, info] = await Promise.all([
    barman.json(['show-backup', barman.server, id]),
    barman.exec(['cat', `${barman.home}/base/${id}/backup.info`]),
  ]);
  return parseShowBackup(barman.server, shown, parseBackupInfo(info.stdout));
}

/** What `barman check` finds wrong; empty when all is well. */
export async function checkServer(cluster: Cluster): Promise<FailingCheck[]> {
  const { barman } = cluster;
  return parseCheck(barman.server, await barman.json(['check', barman.server]));
}
