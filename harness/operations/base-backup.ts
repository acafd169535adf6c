import { makeBackup } from '../backup/base-backup';
import type { Cluster } from '../cluster/cluster';
import type { Run } from '../run/run';
import { until } from '../run/until';

/**
 * A base backup by Barman, for `during(baseBackup(), …)`: at work once the leader sends it (`pg_stat_progress_basebackup`,
 * PostgreSQL documentation, 28.4 "Progress Reporting"). One that is over in no time is missed: give it a dataset of some size.
 */
export function baseBackup() {
  return {
    title: 'a base backup',
    begin({ run, cluster }: { run: Run; cluster: Cluster }): { atWork: Promise<void>; ended: Promise<string> } {
      const made = makeBackup(run, cluster);
      const ended = made.then(({ id, status }) => `${id} is ${status}`);
      // Told by what waits for it; until then it is nobody's.
      ended.catch(() => undefined);
      return { atWork: Promise.race([sending(run, cluster), made.then(() => undefined)]), ended };
    },
  };
}

async function sending(run: Run, cluster: Cluster): Promise<void> {
  const leader = await cluster.leader();
  await until(
    'backup made',
    run,
    async () =>
      (await leader.value("SELECT count(*) FROM pg_stat_progress_basebackup WHERE phase LIKE 'streaming%'")) !== '0',
    { everyMs: 20 },
  );
}
