import { awaitArchived } from '../../backup/wal-archive';
import { awaitReceiving } from '../../backup/base-backup';
import { historyNameOf } from '../../formats/wal-name';
import type { Site, Step } from '../site';

/**
 * receive-wal cannot go on after a PITR ("requested starting point … is not in this server's history"); until it is
 * reset, `barman check` fails and `barman backup` refuses.
 */
export const rearm: Step = {
  do: followNewHistory,
  async undo({ cluster }) {
    await cluster.barman.exec(['supervisorctl', 'stop', 'receive-wal']);
    return 'receive-wal is stopped';
  },
};

async function followNewHistory({ run, cluster, result }: Site): Promise<string> {
  const { barman } = cluster;
  await barman.barman(['receive-wal', '--reset', barman.server]);
  await barman.exec(['supervisorctl', 'start', 'receive-wal']);
  await awaitReceiving(run, cluster);
  const history = historyNameOf(result.newTimeline ?? 0);
  await awaitArchived(run, barman, history);
  return `receive-wal follows, ${history} is archived`;
}
