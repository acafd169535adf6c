import { z } from 'zod';
import { adoptCluster } from '../../operations/adopt-cluster';
import { replaceEtcdData } from '../../operations/etcd-members';
import { nowText } from '../../run/recorder';
import { defineAccident } from '../define-accident';

export const etcdDataLost = defineAccident({
  name: 'etcd-data-lost',
  family: 'dcs',
  title: "etcd's data lost",
  does: "The data of every etcd member are removed and etcd is started anew, empty: no leader, no /initialize, no history, no dynamic configuration. With `membersStopped` as when a whole site lost power: every member's Patroni is stopped in order first, the leader's last.",
  strikes: ['every-etcd'],
  options: z.object({
    membersStopped: z.boolean().default(false).describe("every member's Patroni is stopped first"),
  }),
  proof: "the revision of etcd's store is lower than before: it was begun anew",
  undone:
    'nothing brings back what etcd had kept. Patroni is started on the member with the most WAL first, then on the others: the cluster is adopted with its data',
  neverTouches: 'data directories, the archive',
  stopsWrites: true,
  async strike({ run, cluster, deal }, { names }, { membersStopped }) {
    const revision = await cluster.etcd.revision();
    const { config = '' } = await cluster.etcd.keys();
    const leader = await cluster.leader();
    const struckAt = nowText();
    await deal(async () => {
      if (membersStopped) {
        await Promise.all(cluster.others(leader.name).map((node) => node.stopPatroni()));
        await leader.stopPatroni();
      }
      await replaceEtcdData(run, cluster);
    });
    const now = await cluster.etcd.revision();
    return {
      struckAt,
      noted: { 'dynamic configuration': config },
      proof: {
        took: now < revision,
        expected: `etcd's store on ${names.join(', ')} begun anew after revision ${revision}`,
        found: `revision ${now}`,
      },
    };
  },
  undo: ({ run, cluster }) => adoptCluster(run, cluster),
});
