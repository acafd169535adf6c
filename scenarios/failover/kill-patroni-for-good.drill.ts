import { awaitPromotion, defineDrill, demand, heal, killPatroni, mend, stopPostgres, until, type Cure } from 'pgdrill';

/** Clients stay with the old leader as long as their connections last: some begin anew, and find the new one. */
const clientsOnBoth: Cure = {
  id: 'clients-on-both',
  title: 'have some clients connect anew, and wait until both leaders take writes',
  async does({ run, cluster, incident }) {
    const old = cluster.member(incident.leader!);
    const now = await cluster.leader();
    demand(now.name !== old.name, 'another member leads', `${now.name} does`);
    const newest = () =>
      Promise.all(
        [old, now].map(async (node) => Number(await node.value('SELECT max(seq) FROM ledger.entry', 'ledger'))),
      );
    await old.query(
      `SELECT pg_terminate_backend(pid) FROM
         (SELECT pid FROM pg_stat_activity WHERE application_name = 'pgdrill ledger' ORDER BY pid LIMIT 2) AS chosen`,
    );
    const before = await newest();
    const between = await until('writes resumed', run, async () => {
      const seen = await newest();
      return seen[1]! > before[1]! ? seen : undefined;
    });
    // Once more, so that each has taken one after the other had.
    await until('writes resumed', run, async () => {
      const seen = await newest();
      return seen.every((seq, index) => seq > between[index]!);
    });
    return `${old.name} and ${now.name} both take writes`;
  },
};

export default defineDrill({
  id: 'kill-patroni-for-good',
  title: 'Patroni of the leader killed for good: two members take writes, declared and counted, until one is stopped',
  labels: ['failover'],
  accident: killPatroni({ on: 'leader', restarted: false }),
  recovery: heal({
    title: 'the old PostgreSQL stopped by hand, its Patroni started again, which rewinds it',
    cures: [awaitPromotion(), clientsOnBoth, stopPostgres('old-leader'), mend()],
    promotions: [1, 1],
    loss: true,
  }),
});
