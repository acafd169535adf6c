import { z } from 'zod';
import { loggedSymptom } from '../../operations/symptom';
import { until } from '../../run/until';
import { defineAccident } from '../define-accident';
import { countsAsArchived, finishSegment } from './archive-command';

export const archiveDown = defineAccident({
  name: 'archive-down',
  family: 'archive',
  title: 'Barman cannot be reached by archive_command',
  does: "Stops sshd of Barman's server and ends the sessions that are open. Each archive_command fails, and segments wait in pg_wal until the disk is full. What Barman receives by streaming still arrives.",
  strikes: ['barman'],
  options: z.object({}),
  proof: 'the leader logs that archive_command failed, and a segment that was finished after the strike waits',
  undone: 'sshd is started again; the archiver tries again within a minute',
  neverTouches: 'what Barman holds, receive-wal, segments in pg_wal',
  async strike({ run, cluster, deal }) {
    const { barman } = cluster;
    await deal(async () => {
      await barman.exec(['supervisorctl', 'stop', 'sshd']);
      await barman.exec(['pkill', '-KILL', '-x', 'sshd'], { check: false });
    });
    const leader = await cluster.leader();
    const log = await leader.serverLog();
    const segment = await finishSegment(leader);
    // An exit code above 128, as ssh has it, ends the archiver before it counts the failure: only the log tells.
    const line = await loggedSymptom(run, leader, /archive command failed with exit code/, log);
    return {
      proof: {
        took: !(await countsAsArchived(leader, segment)),
        expected: `${leader.name} cannot archive ${segment}`,
        found: line,
      },
      noted: { 'pending segment': segment },
    };
  },
  async undo({ run, cluster }) {
    const { barman } = cluster;
    await until('member answers', run, async () => {
      await barman.exec(['supervisorctl', 'start', 'sshd'], { check: false });
      return (await barman.exec(['pgrep', '-x', 'sshd'], { check: false })).exitCode === 0;
    });
    return 'sshd of Barman runs again';
  },
});
