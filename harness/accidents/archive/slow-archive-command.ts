import { z } from 'zod';
import { until } from '../../run/until';
import { defineAccident } from '../define-accident';
import {
  finishSegment,
  noteArchiveCommand,
  OLD_COMMAND,
  putArchiveCommandBack,
  replaceArchiveCommand,
} from './archive-command';

export const slowArchiveCommand = defineAccident({
  name: 'slow-archive-command',
  family: 'archive',
  title: 'archive_command takes long for each segment',
  does: 'Has archive_command wait before it does what it did, as one does that asks something else first for each segment. Segments are archived one by one: what is written faster waits in pg_wal.',
  strikes: ['every-member'],
  options: z.object({
    seconds: z.number().int().min(1).max(600).default(5).describe('how long each segment takes longer'),
  }),
  proof: "the archiver's own command is seen waiting with a segment that was finished after the strike",
  undone: 'the old archive_command is put back; what waits is archived then',
  neverTouches: 'the archive, receive-wal, segments in pg_wal',
  prepare: ({ cluster }) => noteArchiveCommand(cluster),
  async strike({ run, cluster, deal }, _victims, { seconds }, notes) {
    await deal(() => replaceArchiveCommand(run, cluster, `sleep ${seconds}; ${notes[OLD_COMMAND]}`));
    const leader = await cluster.leader();
    const segment = await finishSegment(leader);
    // By the arguments of what runs; brackets, so that the shell that looks does not find itself.
    const look = `cat /proc/[0-9]*/cmdline 2>/dev/null | tr '\\0' ' ' | grep -c 'slee[p] ${seconds}; .*${segment}'`;
    await until('accident proven', run, async () => {
      return (await leader.exec(['sh', '-c', look], { check: false })).exitCode === 0;
    });
    return {
      proof: {
        took: true,
        expected: `the archiver of ${leader.name} waits ${seconds} s before it takes ${segment}`,
        found: 'so it does',
      },
    };
  },
  undo: ({ run, cluster, notes }) => putArchiveCommandBack(run, cluster, notes),
});
