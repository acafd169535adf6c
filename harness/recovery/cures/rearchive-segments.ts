import { archivedFiles, archivedFileNames, awaitArchived, switchAndArchive } from '../../backup/wal-archive';
import { PgdrillError } from '../../record/errors';
import { archivedAgain } from '../archived-again';
import type { Cure } from '../healing/heal';

/**
 * Has a leader archive once more what it counts as archived and Barman does not hold, as far as its pg_wal goes back: its status
 * file is renamed from `.done` to `.ready` (PostgreSQL documentation, 26.3.1; xlogarchive.c). A file that is there already does
 * no harm: Barman compares it.
 * @throws PGDRILL_WAL_GONE where pg_wal does not have one any more: then only another base backup helps
 */
export function rearchiveSegments(): Cure {
  return {
    id: 'rearchive',
    title: 'have what Barman lacks archived once more',
    changes: true,
    async does({ run, cluster, backup }) {
      const { barman } = cluster;
      const leader = await cluster.leader();
      const { stdout } = await leader.exec(['sh', '-c', 'cd "$1/pg_wal" && ls -1', 'sh', leader.dataDir]);
      const [held, { histories }] = await Promise.all([archivedFileNames(barman), archivedFiles(barman)]);
      const current = await leader.value('SELECT pg_walfile_name(pg_current_wal_insert_lsn())');
      const { again, gone } = archivedAgain({
        onDisk: stdout.split('\n').filter(Boolean),
        held: [...held.keys()],
        histories,
        from: backup.beginWal,
        current,
        segmentSize: await leader.segmentSize(),
      });
      if (gone.length > 0) {
        throw new PgdrillError(
          'PGDRILL_WAL_GONE',
          `neither Barman nor pg_wal of ${leader.name} has ${gone.join(', ')}`,
          'make another base backup: what lies before it cannot be recovered to',
        );
      }
      const script =
        'cd "$1/pg_wal/archive_status" && shift && for name; do rm -f "$name.done"; : > "$name.ready"; done';
      await leader.exec(['sh', '-c', script, 'sh', leader.dataDir, ...again], { user: leader.osUser });
      // A segment that is finished wakes the archiver.
      const last = await switchAndArchive(run, barman, leader);
      for (const name of again) await awaitArchived(run, barman, name);
      return `${again.join(', ') || 'nothing'} archived once more, ${last} as ever`;
    },
  };
}
