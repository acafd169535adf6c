import { defineDrill, heal, mend, partitionMember, until, type Cure } from 'pgdrill';

const leftBehind: Cure = {
  id: 'replicas-left-behind',
  title: 'wait until the leader has written what no replica has received',
  async does({ run, cluster, incident }) {
    const leader = cluster.member(incident.leader!);
    const behind = () =>
      Promise.all(
        cluster.others(leader.name).map(async (node) => {
          const received = await node.value('SELECT pg_last_wal_receive_lsn()');
          return Number(await leader.value(`SELECT pg_current_wal_lsn() - '${received}'::pg_lsn`));
        }),
      );
    const first = await behind();
    // Beyond what may be on its way at any moment.
    const now = await until('accident proven', run, async () => {
      const bytes = await behind();
      return bytes.every((count, index) => count > first[index]! + 50_000) ? bytes : undefined;
    });
    return `${leader.name} goes on; the replicas are ${now.join(' and ')} bytes behind`;
  },
};

export default defineDrill({
  id: 'partition-leader-from-replicas',
  title: 'the leader cut off from its replicas: it goes on alone, nobody is promoted, nothing is lost',
  labels: ['failover'],
  accident: partitionMember({ on: 'leader', from: 'replicas' }),
  recovery: heal({ title: 'the network mended: the replicas catch up', cures: [leftBehind, mend()] }),
});
