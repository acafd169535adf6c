import { until } from '../../run/until';
import type { Cure } from '../healing/heal';

/** What the view of the archiver has no column for: segments that wait, and how large pg_wal is. */
const sql = `SELECT count(*) FILTER (WHERE name LIKE '%.ready') AS waiting,
  (SELECT sum(size) / 1024 / 1024 FROM pg_ls_waldir())::int AS mb FROM pg_ls_archive_statusdir()`;

/**
 * Shows that segments wait for archive_command: writes until so many do.
 * @param segments how many wait at least
 */
export function archiveBacklog(segments: number): Cure {
  return {
    id: 'archive-backlog',
    title: `write until ${segments} segments wait for archive_command`,
    async does({ run, cluster, symptoms }) {
      const leader = await cluster.leader();
      const found = await until('symptom shown', run, async () => {
        await leader.query('SELECT pg_current_xact_id()');
        await leader.query('SELECT pg_switch_wal()');
        const [row] = await leader.query<{ waiting: string; mb: number }>(sql);
        return row && Number(row.waiting) >= segments ? row : undefined;
      });
      const words = `${found.waiting} files wait in archive_status, pg_wal has ${found.mb} MB`;
      symptoms.push(`pg_ls_archive_statusdir of ${leader.name}: ${words}`);
      return words;
    },
  };
}
