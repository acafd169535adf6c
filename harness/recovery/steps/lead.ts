import { isSegmentName, parseWalName } from '../../formats/wal-name';
import { nowText } from '../../run/recorder';
import { until } from '../../run/until';
import type { Site, StepAction } from '../site';

/**
 * Patroni started on the recovered data. It leads when Patroni says so AND PostgreSQL is out of recovery: the leader
 * key comes first, and a replica copied in between meets "the standby was promoted during online backup".
 */
export const lead: StepAction = async (site) => {
  const { run, node, cluster, result } = site;
  await node.startPatroni();
  let seen = 'Patroni does not answer';
  await until(
    'recovered node leads',
    run,
    async () => {
      const status = await node.restStatus('/primary');
      const recovering = await node.inRecovery();
      seen = `/primary answers ${status ?? 'nothing'}, in recovery: ${recovering ?? 'no answer'}`;
      return status === 200 && recovering === false;
    },
    { everyMs: 50, seen: () => seen },
  );
  result.leaderSince = nowText();
  const archived = await archiveIsolatedBranch(site);
  return `${node.name} leads ${cluster.description.scope}; archived ${archived.join(', ') || 'nothing'} of the branch`;
};

/**
 * While the node was isolated it archived nothing. Its branch now belongs to the cluster, so its history has to be in
 * the archive (PostgreSQL stops to probe at a hole between timelines), and each segment that it finished.
 */
async function archiveIsolatedBranch({ node, cluster, result }: Site): Promise<string[]> {
  const { stdout } = await node.exec(['ls', `${node.dataDir}/pg_wal`]);
  const own = stdout
    .split('\n')
    .filter(
      (name) =>
        /^[0-9A-F]{8}(\.history|[0-9A-F]{16})$/.test(name) && parseWalName(name).timeline === result.newTimeline,
    );
  const segments = own.filter(isSegmentName).sort();
  const wanted = [...own.filter((name) => !isSegmentName(name)), ...segments.slice(0, -1)];
  for (const name of wanted) {
    await node.exec(
      ['barman-wal-archive', '-U', 'barman', 'barman', cluster.barman.server, `${node.dataDir}/pg_wal/${name}`],
      { user: 'postgres' },
    );
  }
  return wanted;
}
