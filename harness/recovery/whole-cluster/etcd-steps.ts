import { PgdrillError } from '../../record/errors';
import { limited, until } from '../../run/until';
import type { Site, Step } from '../site';

/**
 * etcd stopped and started as containers, with what they hold. Every Patroni is down by then: one that ran would demote
 * its leader for want of the DCS, or go on in failsafe mode.
 */
export const stopEtcd: Step = { do: stopMembers, undo: startMembers };
export const startEtcd: Step = { do: startMembers, undo: stopMembers };

async function stopMembers({ run, cluster }: Site): Promise<string> {
  const all = [...cluster.etcd.members];
  await limited('container gone', run, () => Promise.all(all.map(([, container]) => container.stop())));
  for (const [name, container] of all) {
    if (!(await container.isRunning())) continue;
    throw new PgdrillError(
      'PGDRILL_ETCD_RUNS',
      `the container of ${name} runs again after it was stopped`,
      'look at what starts it: a restart policy, a supervisor of containers',
    );
  }
  return `${all.map(([name]) => name).join(', ')} stopped`;
}

/**
 * Healthy is not enough: an etcd that has not settled its cluster version yet makes Patroni refuse it. With the data of
 * before the version is known at once.
 */
async function startMembers({ run, cluster }: Site): Promise<string> {
  const { etcd } = cluster;
  await limited('containers started', run, () =>
    Promise.all([...etcd.members.values()].map((container) => container.start())),
  );
  await etcd.awaitHealthy();
  // Another one's is reached in ways of its own; its data are of before as well.
  for (const [name, container] of cluster.description.origin === 'foreign' ? [] : etcd.members) {
    let seen = 'no answer';
    await until(
      'etcd healthy',
      run,
      async (signal) => {
        const answer = await fetch(`http://127.0.0.1:${await container.hostPort(2379)}/version`, { signal });
        seen = await answer.text();
        const { etcdcluster } = JSON.parse(seen) as { etcdcluster?: string };
        const [major = 0, minor = 0] = (etcdcluster ?? '').split('.').map(Number);
        return major > 3 || (major === 3 && minor >= 1);
      },
      { seen: () => `${name}: ${seen}` },
    );
  }
  const keys = Object.keys(await etcd.keys());
  return `${[...etcd.members.keys()].join(', ')} healthy, with ${keys.length} keys of before`;
}
