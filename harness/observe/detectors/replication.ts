import type { Detector } from './detector';

/** What every monitoring of a primary has: who streams, and slots that hold WAL for nobody. */
export const replication: Detector = {
  name: 'replication',
  head: 'rep',
  title: 'pg_stat_replication and pg_replication_slots of the leader',
  wants: 'a leader; costs nothing',
  async look({ cluster }) {
    const leader = await cluster.leader();
    const streaming = await leader.query<{ name: string }>(
      "SELECT application_name AS name FROM pg_stat_replication WHERE state = 'streaming'",
    );
    const slots = await leader.query<{ name: string; status: string | null }>(
      'SELECT slot_name AS name, wal_status AS status FROM pg_replication_slots WHERE NOT active ORDER BY 1',
    );
    const there = new Set(streaming.map(({ name }) => name));
    const receives = cluster.barman.receivesWal && !there.has('barman_receive_wal');
    return {
      complaints: [
        ...cluster
          .others(leader.name)
          .filter(({ name }) => !there.has(name))
          .map(({ name }) => ({ text: `${name} is not among those that stream` })),
        ...(receives ? [{ text: 'barman_receive_wal is not among those that stream' }] : []),
        ...slots.map(({ name, status }) => ({
          text: `slot ${name}: active f, wal_status ${status ?? '?'}`,
          key: `slot ${name}`,
        })),
      ],
    };
  },
};
