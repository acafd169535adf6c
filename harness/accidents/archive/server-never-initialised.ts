import { z } from 'zod';
import { nowText } from '../../run/recorder';
import { until } from '../../run/until';
import { defineAccident } from '../define-accident';
import { finishSegment, noteArchiveCommand, putArchiveCommandBack } from './archive-command';
import { lacksOwnFolder, leadElsewhere, noteOwnFolders, OWN_FOLDERS } from './split';

export const serverNeverInitialised = defineAccident({
  name: 'server-never-initialised',
  family: 'archive',
  title: 'the new leader archives to a folder of Barman that nobody has made',
  does: "Has each member but the leader archive into a folder of its own, which Barman would make at its first contact with that server, then switches over. Nothing of the new leader's is archived: its segments wait in pg_wal.",
  strikes: ['every-member'],
  options: z.object({}),
  proof: 'the archiver of the new leader fails with a segment of its own, and the folder is not there',
  undone: 'the old archive_command is put back; what waits is archived then',
  neverTouches: 'what Barman holds, receive-wal, segments in pg_wal',
  lacks: (context) => lacksOwnFolder(context),
  async prepare(context) {
    return { ...(await noteArchiveCommand(context.cluster)), ...(await noteOwnFolders(context)) };
  },
  async strike(context, _victims, _options, notes) {
    const { run, cluster } = context;
    const struckAt = nowText();
    const leader = await leadElsewhere(context);
    const segment = await finishSegment(leader);
    const failed = await until('accident proven', run, async () => {
      const [row] = await leader.query<{ failed: string; last: string | null }>(
        'SELECT failed_count AS failed, last_failed_wal AS last FROM pg_stat_archiver',
      );
      return row && row.failed !== '0' ? (row.last ?? undefined) : undefined;
    });
    const folders = notes[OWN_FOLDERS]!.split(' ');
    const there = await cluster.barman.exec(['ls', '-d', ...folders], { check: false });
    return {
      struckAt,
      proof: {
        took: there.stdout.trim() === '',
        expected: `${leader.name} fails to archive up to ${segment}, none of ${folders.join(', ')} is there`,
        found: `failed with ${failed}; ${there.stdout.trim() || 'none is'}`,
      },
    };
  },
  undo: ({ run, cluster, notes }) => putArchiveCommandBack(run, cluster, notes),
});
