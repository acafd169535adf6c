import { askPatroni } from '../../operations/ask-patroni';
import { until } from '../../run/until';
import type { Cure } from '../healing/heal';

/**
 * Gives the cluster a restore_command, by Patroni's dynamic configuration, and waits until every replica has it: what a leader
 * has removed then comes from Barman. On a standby any exit code means "not there yet", so that a Barman that is away ends no
 * replay (PostgreSQL documentation, 26.2.1).
 */
export function fetchFromArchive(): Cure {
  return {
    id: 'fetch-from-archive',
    title: 'have replicas fetch from Barman what the leader has removed',
    changes: true,
    sets: ['restore_command'],
    async does({ run, cluster }) {
      const { user, host, server } = cluster.barman;
      const command = `barman-wal-restore -U ${user} ${host ?? 'barman'} ${server} %f %p`;
      const leader = await cluster.leader();
      await askPatroni(run, leader, 'PATCH', '/config', {
        postgresql: { recovery_conf: { restore_command: command } },
      });
      for (const node of cluster.others(leader.name)) {
        await until('member answers', run, async () => (await node.value('SHOW restore_command')) === command);
      }
      return command;
    },
  };
}
