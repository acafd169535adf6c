import { awaitReceiving } from '../backup/await-receiving';
import { checkLine, checkServer } from '../backup/base-backup';
import { resetReceiving } from '../backup/reset-receiving';
import { switchAndArchive } from '../backup/wal-archive';
import type { Cluster } from '../cluster/cluster';
import { messageOf } from '../record/errors';
import type { Run } from '../run/run';
import { until } from '../run/until';

/** After how many looks that find receive-wal failing it is reset: it comes back by itself within a few. */
const LOOKS_BEFORE_RESET = 6;

/**
 * Has Barman receive, archive and look after itself again, on the old leader. receive-wal goes on at the slot of that leader;
 * where what lies in its folder is of another history it cannot ("requested starting point … is not in this server's
 * history"), and is reset. What `barman check` still says at the deadline may have been so before: it is a warning.
 */
export async function releaseBarman(run: Run, cluster: Cluster): Promise<void> {
  const { barman } = cluster;
  // Where Barman has a cron of its own, there is no such program to start.
  await barman.exec(['supervisorctl', 'start', 'cron'], { check: false });
  await barman.startReceiving();
  await awaitReceiving(run, cluster);
  await switchAndArchive(run, barman, await cluster.leader());
  let failing: string[] = [];
  let looks = 0;
  try {
    await until(
      'barman check settled',
      run,
      async () => {
        failing = (await checkServer(cluster)).map(checkLine);
        looks += 1;
        if (failing.length === 0) return true;
        if (looks === LOOKS_BEFORE_RESET && barman.receivesWal) await resetReceiving(run, cluster);
        return false;
      },
      { everyMs: 500, seen: () => failing.join(', ') },
    );
  } catch (error) {
    run.recorder.record({ kind: 'warning', text: `barman check after the rollback: ${messageOf(error)}` });
  }
}
