import { startEtcdMembers } from '../../operations/etcd-members';
import { PgdrillError } from '../../record/errors';
import { limited } from '../../run/until';
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

async function startMembers({ run, cluster }: Site): Promise<string> {
  await startEtcdMembers(run, cluster);
  const keys = Object.keys(await cluster.etcd.keys());
  return `${[...cluster.etcd.members.keys()].join(', ')} healthy, with ${keys.length} keys of before`;
}
