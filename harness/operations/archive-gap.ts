import { archivedFileNames, switchAndArchive } from '../backup/wal-archive';
import type { Cluster } from '../cluster/cluster';
import type { PatroniNode } from '../cluster/patroni-node';
import type { Run } from '../run/run';
import { until } from '../run/until';
import type { Operation } from './operation';

/**
 * Takes one segment out of Barman's archive behind its back: one before it is there, one after it too, and Barman's
 * catalogue still names it. Notes its name as `missing segment`.
 */
export function archiveGap(): Operation {
  return async ({ run, cluster }) => {
    const { barman } = cluster;
    const leader = await cluster.leader();
    await switchAndArchive(run, barman, leader);
    const missing = await switchAndArchive(run, barman, leader);
    await switchAndArchive(run, barman, leader);
    await bothCopiesCame(run, cluster, leader);
    const held = await archivedFileNames(barman);
    await barman.exec(['rm', held.get(missing) ?? missing]);
    return { noted: { 'missing segment': missing } };
  };
}

/** Each segment comes twice, by archive_command and by receive-wal: the second would put it back. */
export async function bothCopiesCame(run: Run, { barman }: Cluster, leader: PatroniNode): Promise<void> {
  let seen = 'not looked';
  await until(
    'segment archived',
    run,
    async () => {
      const ready = await leader.value("SELECT count(*) FROM pg_ls_archive_statusdir() WHERE name LIKE '%.ready'");
      const held = await archivedFileNames(barman);
      const waiting = [...held].filter(([name, path]) => !path.includes('/wals/') && !name.endsWith('.partial'));
      seen = `${ready} files wait for archive_command, ${waiting.length} for "barman archive-wal"`;
      if (waiting.length > 0) await barman.barman(['archive-wal', barman.server], { check: false });
      return ready === '0' && waiting.length === 0;
    },
    { seen: () => seen },
  );
}
