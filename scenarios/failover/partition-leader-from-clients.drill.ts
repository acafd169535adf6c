import { defineDrill, demand, heal, mend, partitionMember, type Cure } from 'pgdrill';

/** What makes this one hard to see: to everybody inside, all is well. */
const nobodyInside: Cure = {
  id: 'nobody-inside-notices',
  title: 'look at it from inside: Patroni and the replicas notice nothing',
  async does({ cluster, incident }) {
    const leader = await cluster.awaitStreaming();
    demand(
      leader.name === incident.leader,
      `${incident.leader} leads, and every replica streams`,
      `${leader.name} leads`,
    );
    demand((await leader.inRecovery()) === undefined, 'no client reaches it', 'one does');
    return `${leader.name} leads, every replica streams, and no client reaches it`;
  },
};

export default defineDrill({
  id: 'partition-leader-from-clients',
  title: 'the leader cut off from its clients only: no failover comes, until the network is whole again',
  labels: ['failover'],
  accident: partitionMember({ on: 'leader', from: 'clients' }),
  recovery: heal({ title: 'the network mended', cures: [nobodyInside, mend()] }),
});
