import { nowText } from '../../run/recorder';
import { until } from '../../run/until';
import { quarantine } from '../quarantine';
import type { Site, Step } from '../site';

/**
 * Patroni started on the recovered data. It leads when Patroni says so AND PostgreSQL is out of recovery: the leader
 * key comes first, and a replica copied in between meets "the standby was promoted during online backup". From here on
 * the cluster's archive_command archives what the isolated node kept back: the history of its branch above all, for
 * PostgreSQL stops to probe at a hole between timelines.
 */
export const lead: Step = {
  do: startLeading,
  async undo(site) {
    await site.node.stopPatroni();
    const { files, folder, timelines } = await quarantine(site);
    return `${site.node.name} is stopped; ${files} files of timeline ${timelines.join(', ')} are in ${folder}`;
  },
};

async function startLeading(site: Site): Promise<string> {
  const { run, node, cluster, result } = site;
  // Of the first try, if this one is another: what was acknowledged since is on the new history. Known before it can be so.
  result.leadStartedAt ??= nowText();
  await site.save();
  await node.startPatroni();
  let seen = 'Patroni does not answer';
  await until(
    'recovered node leads',
    run,
    async () => {
      const status = await node.restStatus('/primary');
      const recovering = status === 200 ? await node.inRecovery() : undefined;
      seen = `/primary answers ${status ?? 'nothing'}, in recovery: ${recovering ?? 'no answer'}`;
      return status === 200 && recovering === false;
    },
    { everyMs: 100, seen: () => seen },
  );
  result.leaderSince = nowText();
  // With no other member to rejoin, the cluster is whole.
  if (cluster.nodes.length === 1) result.rejoinedAt = result.leaderSince;
  return `${node.name} leads ${cluster.description.scope}`;
}
