import type { Cluster } from '../../cluster/cluster';
import type { PatroniNode } from '../../cluster/patroni-node';
import { PgdrillError } from '../../record/errors';
import type { Run } from '../../run/run';
import { until } from '../../run/until';
import { barmanFiles } from './archive-files';

/**
 * Waits until nothing is on its way into the archive: the leader's archiver has no file waiting and Barman has put away
 * what arrived. A segment may come by streaming sooner than the history file of its timeline by archive_command, and would
 * look like a hole. What is still on its way at the deadline is left out, and then missing.
 */
export async function awaitDelivery(run: Run, cluster: Cluster, leader: PatroniNode): Promise<void> {
  const { barman } = cluster;
  let seen = 'not looked';
  try {
    await until(
      'segment archived',
      run,
      async () => {
        const ready = await leader.value("SELECT count(*) FROM pg_ls_archive_statusdir() WHERE name LIKE '%.ready'");
        const { streaming, incoming } = await barmanFiles(barman);
        // Of several partial segments Barman archives all but the last, which receive-wal is at.
        const partial = streaming.filter((name) => name.endsWith('.partial'));
        const whole = streaming.filter((name) => !name.endsWith('.partial'));
        const arrived = [...incoming, ...whole, ...partial.slice(0, -1)];
        seen = `${ready} files wait for archive_command, ${arrived.length} for "barman archive-wal"`;
        if (arrived.length > 0) await barman.barman(['archive-wal', barman.server], { check: false });
        return ready === '0' && arrived.length === 0;
      },
      { seen: () => seen },
    );
  } catch (error) {
    if (!(error instanceof PgdrillError) || error.code !== 'PGDRILL_DEADLINE') throw error;
    run.recorder.record({ kind: 'warning', text: error.what });
  }
}
