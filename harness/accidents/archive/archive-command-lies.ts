import { z } from 'zod';
import { until } from '../../run/until';
import { defineAccident } from '../define-accident';
import {
  cameByCommand,
  countsAsArchived,
  finishSegment,
  noteArchiveCommand,
  putArchiveCommandBack,
  replaceArchiveCommand,
} from './archive-command';

export const archiveCommandLies = defineAccident({
  name: 'archive-command-lies',
  family: 'archive',
  title: 'archive_command ends with 0 and stores nothing',
  does: "Replaces the cluster's archive_command, through Patroni's dynamic configuration, by `/bin/true`. The servers count every segment as archived, and remove it when its turn comes. What Barman receives by streaming still arrives.",
  strikes: ['every-member'],
  options: z.object({}),
  proof: 'the leader counts a segment as archived that never came to Barman by archive_command',
  undone:
    'the old archive_command is put back; segments that were counted as archived meanwhile are not archived by that',
  neverTouches: 'the archive, receive-wal, segments in pg_wal',
  prepare: ({ cluster }) => noteArchiveCommand(cluster),
  async strike({ run, cluster, deal }) {
    await deal(() => replaceArchiveCommand(run, cluster, '/bin/true'));
    const leader = await cluster.leader();
    let segment = await finishSegment(leader);
    const took = await until('accident proven', run, async () => {
      if (!(await countsAsArchived(leader, segment))) return undefined;
      if (!(await cameByCommand(cluster.barman, segment))) return 'lied';
      // The archiver had begun with it before it knew the new command.
      segment = await finishSegment(leader);
      return undefined;
    });
    return {
      proof: {
        took: took === 'lied',
        expected: `${segment} counted as archived by ${leader.name}, and not brought to Barman`,
        found: 'so it is',
      },
      noted: { 'lost segment': segment },
    };
  },
  undo: ({ run, cluster, notes }) => putArchiveCommandBack(run, cluster, notes),
});
