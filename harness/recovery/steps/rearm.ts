import { awaitArchived } from '../../backup/wal-archive';
import { awaitReceiving } from '../../backup/await-receiving';
import { resetReceiving } from '../../backup/reset-receiving';
import { historyNameOf } from '../../formats/wal-name';
import { countDiscarded } from '../discarded';
import type { Site, Step } from '../site';

/**
 * receive-wal cannot go on after a PITR ("requested starting point … is not in this server's history"); until it is
 * reset, `barman check` fails and `barman backup` refuses.
 */
export const rearm: Step = {
  do: followNewHistory,
  async undo({ cluster }) {
    await cluster.barman.stopReceiving();
    return 'receive-wal is stopped';
  },
};

async function followNewHistory(site: Site): Promise<string> {
  const { run, cluster, result, plan } = site;
  const { barman } = cluster;
  if (barman.receivesWal) {
    await resetReceiving(run, cluster);
    await awaitReceiving(run, cluster);
  }
  const history = historyNameOf(result.newTimeline ?? plan.newTimeline);
  await awaitArchived(run, barman, history);
  // All of the old history that there will ever be is archived by now. That it can be counted is not what is recovered for.
  const discarded = await countDiscarded(site).catch(() => undefined);
  if (discarded) result.discarded = discarded;
  return `${barman.receivesWal ? 'receive-wal follows, ' : ''}${history} is archived; ${inWords(discarded, plan)}`;
}

function inWords(discarded: Site['result']['discarded'], plan: Site['plan']): string {
  if (!discarded) return 'how many commits are left out could not be counted';
  const until = plan.fence === 'now' ? 'until the fence' : 'before the recovery began';
  return `left out: ${discarded.before} ${discarded.before === 1 ? 'commit' : 'commits'} made ${until}, ${discarded.during} after that`;
}
