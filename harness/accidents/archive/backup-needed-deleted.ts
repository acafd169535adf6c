import { z } from 'zod';
import { listBackups } from '../../backup/base-backup';
import { defineAccident } from '../define-accident';

export const backupNeededDeleted = defineAccident({
  name: 'backup-needed-deleted',
  family: 'archive',
  title: 'the oldest backup is deleted, and with it all that lies before the next',
  does: 'Runs `barman delete` for the oldest backup, as a retention policy does. Barman removes the WAL up to the next backup, too: nothing before the end of that one can be recovered to.',
  strikes: ['barman'],
  options: z.object({}),
  proof: 'Barman does not list it any more, and its folder is gone',
  undone: 'nothing brings a deleted backup back',
  neverTouches: 'later backups, and WAL that they need',
  async lacks({ cluster }) {
    const done = (await listBackups(cluster)).filter(({ status }) => status === 'DONE');
    return done.length === 0 ? 'Barman has no backup' : undefined;
  },
  async strike({ cluster, deal }) {
    const { barman } = cluster;
    // Newest first, as Barman lists them.
    const oldest = (await listBackups(cluster)).filter(({ status }) => status === 'DONE').at(-1)!;
    await deal(() => barman.barman(['delete', barman.server, oldest.id]));
    const left = await listBackups(cluster);
    const { exitCode } = await barman.exec(['test', '-e', `${barman.home}/base/${oldest.id}`], { check: false });
    return {
      proof: {
        took: !left.some(({ id }) => id === oldest.id) && exitCode !== 0,
        expected: `backup ${oldest.id} gone`,
        found: `${left.length} left: ${left.map(({ id }) => id).join(', ') || 'none'}`,
      },
      noted: { 'deleted backup': oldest.id },
    };
  },
});
