import { listBackups, showBackup } from '../backup/base-backup';
import type { BarmanServer } from '../cluster/barman-server';
import type { Cluster } from '../cluster/cluster';
import type { PatroniNode } from '../cluster/patroni-node';
import { printedHistories } from '../formats/printed-histories';
import type { Journal } from '../record/journal';
import type { Site } from './site';
import { filesOf, timelinesOf, type NewBranch } from './plan/new-branch';

/** Folders of a server in which WAL lies: archived, or on its way. What is compressed or in error stays what it is. */
const folders = ['wals', 'incoming', 'streaming'] as const;

/** The branch of a recovery, as far as it is known. */
export function branchOf({ plan, result }: Pick<Journal, 'plan' | 'result'>): NewBranch {
  return {
    timeline: result.newTimeline ?? plan.newTimeline,
    parent: plan.targetTimeline,
    ...(result.branchLsn === undefined ? {} : { endLsn: result.branchLsn }),
  };
}

/** Where what a recovery had archived is put aside when it is taken back. */
export function quarantineFolder(barman: BarmanServer, id: string): string {
  return `${barman.home}/quarantine-${id}`;
}

/** The timelines of a recovery's branch, by the histories that the recovered node and Barman hold. */
export async function branchTimelines(cluster: Cluster, node: PatroniNode, branch: NewBranch): Promise<number[]> {
  const { barman } = cluster;
  // By their paths: two folders may hold one number with two texts.
  const script = 'for f in "$@"; do [ -f "$f" ] || continue; echo "== $f"; cat "$f"; echo; done';
  const read = (pattern: string) => ['bash', '-c', `set -- ${pattern}\n${script}`];
  const answers = await Promise.all([
    node.exec(read(`${node.dataDir}/pg_wal/*.history`), { check: false }),
    barman.exec(read(folders.map((folder) => `${barman.home}/${folder}/*.history`).join(' ')), { check: false }),
  ]);
  const histories = answers.flatMap(({ stdout }) => printedHistories(stdout));
  return timelinesOf(branch, histories);
}

/**
 * Takes back what a branch has archived: exactly the files of its timelines, out of Barman's archive and out of what is on
 * its way there, into a folder of their own. Nothing is deleted. A later recovery would else follow a history that nobody
 * has; and the old leader, which takes the same number once it is started, could not archive its own. Barman's list of its
 * WAL is made anew from what is there (barman(1), "rebuild-xlogdb").
 * Nobody may be archiving: receive-wal and cron are stopped, and cron stays so until `releaseBarman`.
 * @returns how many files lie there now
 */
export async function quarantine(site: Site): Promise<{ folder: string; files: number; timelines: number[] }> {
  const { cluster, node, plan } = site;
  const { barman } = cluster;
  await barman.stopReceiving();
  // Where Barman has a cron of its own, there is no such program to stop.
  await barman.exec(['supervisorctl', 'stop', 'cron'], { check: false });
  const timelines = await branchTimelines(cluster, node, branchOf(site));
  const folder = quarantineFolder(barman, plan.id);
  return { folder, files: await setAside(barman, timelines, folder), timelines };
}

/**
 * Moves every file of some timelines out of Barman's archive, and out of what is on its way there.
 * @returns how many files lie there now
 */
export async function setAside(barman: BarmanServer, timelines: readonly number[], folder: string): Promise<number> {
  const { stdout } = await barman.exec(
    ['bash', '-c', 'cd "$1" && shift && find "$@" -type f -printf "%p\\n"', 'bash', barman.home, ...folders],
    { user: barman.user },
  );
  const paths = stdout.split('\n').filter(Boolean);
  const nameOf = (path: string) => path.slice(path.lastIndexOf('/') + 1);
  const wanted = new Set(filesOf(timelines, paths.map(nameOf)));
  const moved = paths.filter((path) => wanted.has(nameOf(path)));
  if (moved.length > 0) {
    // With its place: a segment may lie in `incoming` and in `wals` under one name. Each move is one rename.
    const script = 'cd "$1" && to="$2" && while read -r f; do mkdir -p "$to/${f%/*}" && mv "$f" "$to/$f"; done';
    await barman.exec(['bash', '-c', `${script} <<'LIST'\n${moved.join('\n')}\nLIST`, 'bash', barman.home, folder], {
      user: barman.user,
    });
    await barman.barman(['rebuild-xlogdb', barman.server], { deadline: 'archive checked' });
  }
  const held = await barman.exec(['bash', '-c', 'find "$1" -type f 2>/dev/null | wc -l', 'bash', folder]);
  return Number(held.stdout.trim());
}

/**
 * Deletes the base backups of a branch that is given up, and what `barman backup` left when it was ended. They hold nothing
 * that could be recovered into the old history.
 * @returns words, one for each
 */
export async function dropBackups({ cluster, node, plan, backup, result }: Site): Promise<string[]> {
  const { barman } = cluster;
  const said: string[] = [];
  const timelines = await branchTimelines(cluster, node, branchOf({ plan, result }));
  for (const { id, status } of await listBackups(cluster)) {
    if (id <= backup.id) continue;
    const whole = status === 'DONE' || status === 'WAITING_FOR_WALS';
    // One that was cut off has no timeline yet; made after this recovery's backup, on a cluster that was being recovered.
    if (whole && !timelines.includes((await showBackup(cluster, id)).timeline)) continue;
    if (!whole && id !== result.freshBackup && !(await begunSince(barman, id, plan.id))) continue;
    const done = await barman.barman(['delete', barman.server, id], { check: false, deadline: 'archive checked' });
    said.push(
      done.exitCode === 0
        ? `backup ${id} of the given-up branch is deleted`
        : `backup ${id} is of the given-up branch and could not be deleted: ${(done.stderr || done.stdout).trim().slice(-200)}`,
    );
  }
  return said;
}

/** Whether a backup is younger than a recovery, by their ids: Barman's are in its host's local time, ours in UTC. */
async function begunSince(barman: BarmanServer, id: string, recovery: string): Promise<boolean> {
  const { stdout } = await barman.exec([
    'date',
    '-d',
    id.replace(/^(\d{8})T(\d\d)(\d\d)(\d\d).*/, '$1 $2:$3:$4'),
    '+%s',
  ]);
  const begun = recovery.replace(/^(\d{4})(\d\d)(\d\d)t(\d\d)(\d\d)(\d\d).*/, '$1-$2-$3T$4:$5:$6Z');
  return Number(stdout.trim()) * 1000 >= Date.parse(begun);
}
