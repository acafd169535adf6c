import { z } from 'zod';
import { laySnapshot, replaceEtcdData, saveEtcdSnapshot } from '../../operations/etcd-members';
import { switchover } from '../../operations/switchover';
import { nowText } from '../../run/recorder';
import { defineAccident } from '../define-accident';

export const etcdOldSnapshot = defineAccident({
  name: 'etcd-old-snapshot',
  family: 'dcs',
  title: 'etcd restored from an old snapshot',
  does: 'A snapshot of etcd from before the leader changed is restored on every etcd member, under Patroni that runs: its keys name the leader of then, with a history that lacks the last promotion.',
  strikes: ['every-etcd'],
  options: z.object({
    taken: z
      .enum(['before-switchover', 'earlier'])
      .default('before-switchover')
      .describe(
        'which snapshot: one that is taken now, before a switchover that the accident makes too; or the one that the operation etcdSnapshot has taken',
      ),
  }),
  proof: "the revision of etcd's store is lower than before",
  undone: 'nothing: Patroni goes by what etcd says now, and writes its keys anew',
  neverTouches: 'data directories, the archive',
  twoWriters: true,
  stopsWrites: true,
  async strike({ run, cluster, deal }, { names }, { taken }) {
    const struckAt = nowText();
    if (taken === 'before-switchover') {
      await saveEtcdSnapshot(run, cluster);
      await deal(() => switchover(run, cluster));
      await cluster.awaitStreaming();
    }
    const revision = await cluster.etcd.revision();
    const leader = await cluster.leader();
    await deal(async () => {
      await laySnapshot(run, cluster);
      await replaceEtcdData(run, cluster);
    });
    const now = await cluster.etcd.revision();
    return {
      struckAt,
      proof: {
        took: now < revision,
        expected: `etcd on ${names.join(', ')} back before revision ${revision}, at which ${leader.name} led`,
        found: `revision ${now}`,
      },
    };
  },
});
