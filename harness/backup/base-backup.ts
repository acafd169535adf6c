import type { Cluster } from '../cluster/cluster';
import { parseBackupInfo } from '../formats/backup-info';
import type { BackupRef } from '../record/backup-ref';
import { PgdrillError } from '../record/errors';
import type { Run } from '../run/run';
import { until } from '../run/until';
import { parseBackupMade, parseCheck, parseListBackups, parseShowBackup, type FailingCheck } from './barman-json';
import { awaitReceiving } from './await-receiving';
import { parseDoneBackups } from './done-backups';
import { receiveAgain, receives } from './receive-again';
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
  const id = await backUp(cluster).catch(async (error: unknown) => {
    // receive-wal may have lost its way since: a leader that was elected anew while the members were copied, say.
    if (!(await receives(cluster))) run.note(`the backup was refused; ${await receiveAgain(run, cluster)}`);
    // A look that a busy machine was too slow for: Barman looks once, and does not say which it was.
    else if (await isSound(cluster))
      run.note('the backup was refused, and "barman check" finds nothing wrong: once more');
    else throw error;
    return backUp(cluster);
  });
  const leader = await cluster.leader();
  let seen = 'unknown';
  const done = await until(
    'backup usable',
    run,
    async () => {
      const backup = await showBackup(cluster, id);
      seen = backup.status;
      if (backup.status === 'DONE') return backup;
      await switchAndArchive(run, barman, leader);
      // Barman itself looks again only at the next `barman cron`, up to a minute later (barman/server.py, cron_check_backup).
      await barman.barman(['check-backup', barman.server, id], { check: false });
      return undefined;
    },
    { seen: () => `backup ${id} is ${seen}` },
  );
  return { ...done, durationMs: Math.round(performance.now() - started) };
}

async function isSound(cluster: Cluster): Promise<boolean> {
  return (await checkServer(cluster).catch(() => undefined))?.length === 0;
}

/** Runs `barman backup`. @returns the new backup's id */
async function backUp(cluster: Cluster): Promise<string> {
  const { barman } = cluster;
  const done = await barman.barman(['-f', 'json', 'backup', barman.server], { deadline: 'backup made', check: false });
  const made = parseBackupMade(done.stdout || done.stderr);
  if (done.exitCode === 0 && 'id' in made) return made.id;
  // "Impossible to start the backup" tells nobody why.
  const failing = await checkServer(cluster).catch(() => []);
  const lines = failing.map(checkLine).join(', ');
  throw new PgdrillError(
    'PGDRILL_BACKUP_FAILED',
    `"barman backup ${barman.server}" ended with ${done.exitCode}: ${'refusal' in made ? made.refusal : `backup ${made.id}`}${lines === '' ? '' : `; barman check: ${lines}`}`,
    'look at barman.log, kept with the run',
  );
}

/**
 * Waits until Barman can back up: it is connected, receives WAL and has one archived segment, without which
 * `barman backup` refuses ("WAL archive").
 */
export async function awaitBarmanReady(run: Run, cluster: Cluster): Promise<void> {
  await awaitReceiving(run, cluster);
  const { barman } = cluster;
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

/**
 * Every backup that is DONE, from Barman's own files, in one look: `barman show-backup` takes one backup, and a fifth of a
 * second of processor time for each. A WAITING_FOR_WALS one is none that could be recovered from.
 */
export async function doneBackups({ barman }: Cluster): Promise<BackupRef[]> {
  const script = 'for f in "$1"/base/*/backup.info; do [ -e "$f" ] && echo "== $f" && cat "$f"; done; true';
  const { stdout } = await barman.exec(['sh', '-c', script, 'sh', barman.home]);
  return parseDoneBackups(barman.server, stdout);
}

/**
 * The backup that a plan was made with.
 * @throws PGDRILL_BACKUP_UNKNOWN where it is gone since, as by a retention policy
 */
export async function doneBackup(cluster: Cluster, id: string): Promise<BackupRef> {
  const found = (await doneBackups(cluster)).find((backup) => backup.id === id);
  if (found) return found;
  throw new PgdrillError(
    'PGDRILL_BACKUP_UNKNOWN',
    `backup ${id}, which the plan is made for, is not in Barman any more, or no longer DONE`,
    'plan anew: nothing has been changed',
  );
}

/** What `barman check` finds wrong; empty when all is well. */
export async function checkServer(cluster: Cluster): Promise<FailingCheck[]> {
  const { barman } = cluster;
  return parseCheck(barman.server, await barman.json(['check', barman.server]));
}

/** A failing line for people: "receive-wal running (See the Barman log file for more details)". */
export function checkLine({ name, hint }: FailingCheck): string {
  return hint ? `${name} (${hint})` : name;
}
