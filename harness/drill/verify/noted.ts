import { z } from 'zod';
import { checkServer, showBackup } from '../../backup/base-backup';
import { stampArchive } from '../../backup/archive-stamps';
import { archivedHistory } from '../../backup/wal-archive';
import type { Cluster } from '../../cluster/cluster';
import { backupRefSchema } from '../../record/backup-ref';
import { messageOf } from '../../record/errors';
import type { PitrPlan } from '../../record/recovery';
import { journalFolder } from '../../recovery/plan/step-parts';
import { throwIfInterrupted } from '../../run/until';
import type { Run } from '../../run/run';

/** What only the state before a recovery can tell. Plain data: another process may have to finish what one began. */
export const notedSchema = z.object({
  backup: backupRefSchema,
  systemIdentifier: z.string(),
  /** History of the target's timeline, as Barman has it. */
  history: z.string(),
  checksums: z.boolean().optional(),
  /** Lines of `barman check` that failed. */
  failing: z.array(z.string()).optional(),
  /** Archived files, by their path. */
  archive: z.record(z.string(), z.object({ bytes: z.string(), stamp: z.string() })).optional(),
});
export type Noted = z.infer<typeof notedSchema>;

/**
 * Notes the state before a recovery; where its first process has noted it already, takes that. Only what the recovery could
 * not do without is an error here: what cannot be noted is left out, and its check says so.
 * @throws what Barman says when it does not show the backup
 */
export async function noteState(run: Run, cluster: Cluster, plan: PitrPlan): Promise<Noted> {
  const file = `${journalFolder(cluster.member(plan.node).dataDir, plan.id)}/.before.json`;
  const earlier = await readNoted(cluster, plan, file);
  if (earlier) return earlier;
  const tried = async <T>(what: string, work: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await work();
    } catch (error) {
      throwIfInterrupted(run.signal);
      run.recorder.record({ kind: 'warning', text: `${what} could not be noted: ${messageOf(error)}` });
      return undefined;
    }
  };
  const backup = await showBackup(cluster, plan.backup);
  const [leader, archive, failing, history] = await Promise.all([
    tried('the leader', async () => {
      const found = await cluster.findLeader();
      if (!found) return undefined;
      const [row] = await found.query<{ system: string; checksums: string }>(
        "SELECT system_identifier::text AS system, current_setting('data_checksums') AS checksums FROM pg_control_system()",
      );
      return row;
    }),
    tried('the archive', () => stampArchive(cluster.barman, backup.id)),
    tried('what `barman check` says', async () => (await checkServer(cluster)).map(({ name }) => name)),
    plan.targetTimeline === 1 ? '' : archivedHistory(cluster.barman, plan.targetTimeline),
  ]);
  const noted: Noted = {
    backup,
    systemIdentifier: leader?.system ?? backup.systemIdentifier,
    history,
    ...(leader ? { checksums: leader.checksums === 'on' } : {}),
    ...(failing ? { failing } : {}),
    ...(archive ? { archive } : {}),
  };
  // Only these modes go on later, in whatever process.
  if (plan.mode === 'restore' || plan.mode === 'cluster') {
    const content = JSON.stringify(noted);
    await tried('the state before, for a process that goes on later,', () =>
      cluster.member(plan.node).container.putFiles([{ target: file, content, mode: 0o600 }]),
    );
  }
  return noted;
}

async function readNoted(cluster: Cluster, plan: PitrPlan, file: string): Promise<Noted | undefined> {
  try {
    return notedSchema.parse(JSON.parse(await cluster.member(plan.node).container.readFile(file)));
  } catch {
    return undefined;
  }
}
