import { listBackups } from '../../backup/base-backup';
import { verifyBackup } from '../../backup/verify-backup';
import { demand } from '../../operations/symptom';
import type { Cure } from '../healing/heal';

/**
 * Holds Barman to it: a backup that the accident met is FAILED, or as good as any by its own manifest. Nothing in between.
 * Failed ones are deleted, for `barman check` stays red as long as there is one.
 */
export function failedOrGood(): Cure {
  return {
    id: 'failed-or-good',
    title: 'look whether each backup is failed or good',
    async does({ cluster, symptoms }) {
      const { barman } = cluster;
      const found: string[] = [];
      for (const { id, status } of await listBackups(cluster)) {
        const { sound, problems } = await verifyBackup(barman, id);
        const failed = status === 'FAILED';
        demand(failed || sound, `backup ${id} is failed or good`, `${status}; ${problems.join('; ')}`);
        found.push(`${id} ${status}, ${sound ? 'sound' : `pg_verifybackup: ${problems[0] ?? 'no words'}`}`);
        if (!failed) continue;
        const shown = (await barman.json(['show-backup', barman.server, id])) as Record<string, { error?: unknown }>;
        symptoms.push(`barman: backup ${id} is FAILED${wordsOf(shown[barman.server]?.error)}`);
        await barman.barman(['delete', barman.server, id]);
      }
      return found.join('; ');
    },
  };
}

const wordsOf = (error: unknown): string => (typeof error === 'string' ? `: ${error.trim()}` : '');
