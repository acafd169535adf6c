import type { Detector } from './detector';

/** PostgreSQL documentation, 28.2.13 "pg_stat_archiver": failures of archive_command as the archiver saw them. */
export const archiver: Detector = {
  name: 'archiver',
  head: 'arc',
  title: 'pg_stat_archiver of the leader',
  wants: 'a leader; costs nothing',
  keeps: true,
  async look({ cluster }) {
    const leader = await cluster.leader();
    const [row] = await leader.query<{ failures: string; last: string | null }>(
      'SELECT failed_count AS failures, last_failed_wal AS last FROM pg_stat_archiver',
    );
    if (!row || row.failures === '0') return { complaints: [] };
    // Of a new leader the count begins anew.
    return {
      complaints: [
        {
          text: `failed_count ${row.failures}, last_failed_wal ${row.last ?? '?'}`,
          key: `${leader.name} ${row.failures}`,
        },
      ],
    };
  },
};
