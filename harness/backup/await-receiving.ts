import type { Cluster } from '../cluster/cluster';
import { until, type WaitContext } from '../run/until';

/** Waits until receive-wal runs, where Barman receives WAL by streaming at all. */
export async function awaitReceiving(context: WaitContext, { barman }: Cluster): Promise<void> {
  if (!barman.receivesWal) return;
  await until('barman connected', context, async () => {
    if (await barman.isReceiving()) return true;
    await barman.restartReceiving();
    return false;
  });
}
