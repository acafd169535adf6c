import type { Cluster } from '../cluster/cluster';
import { until, type WaitContext } from '../run/until';

/**
 * Has receive-wal begin anew where the leader is (`barman receive-wal --reset`), and run again.
 *
 * One that cannot go on ends and is begun anew every second: whether it runs at this moment says nothing, so it is stopped in
 * every case. While one runs, Barman says so, resets nothing and ends with 0. One that has followed by itself may be at the
 * leader's own segment already ("is ahead of PostgreSQL current WAL lsn"): there is nothing to reset then.
 * @returns what Barman said last
 * @throws PGDRILL_DEADLINE with what Barman said
 */
export async function resetReceiving(context: WaitContext, { barman }: Cluster): Promise<string> {
  let said = 'nothing';
  await until(
    'barman connected',
    context,
    async () => {
      await barman.stopReceiving();
      const { exitCode, stdout, stderr } = await barman.barman(['receive-wal', '--reset', barman.server], {
        check: false,
      });
      said = (stderr || stdout).trim().split('\n').at(-1) ?? said;
      if (/is ahead of PostgreSQL current WAL lsn/.test(stdout + stderr)) return true;
      const busy = /Process is still running/.test(stdout + stderr);
      // One that `barman cron` has begun is nobody's else to stop.
      if (busy) await barman.barman(['receive-wal', '--stop', barman.server], { check: false });
      return exitCode === 0 && !busy;
    },
    { everyMs: 500, seen: () => said },
  );
  await barman.startReceiving();
  return said;
}
