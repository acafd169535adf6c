import { z } from 'zod';
import type { Cluster } from '../../cluster/cluster';
import type { Run } from '../../run/run';
import { until } from '../../run/until';
import { defineAccident } from '../define-accident';

export const stopReplica = defineAccident({
  name: 'stop-replica',
  family: 'failover',
  title: 'replica stopped',
  does: 'Patroni of a replica stopped in order, and PostgreSQL with it, for maintenance that nobody ends: it falls behind, and Patroni drops its slot once its key has run out.',
  strikes: ['replica'],
  options: z.object({
    walGone: z
      .boolean()
      .default(false)
      .describe('whether the leader goes on until it has removed the WAL that the replica needs next'),
  }),
  proof:
    'no postmaster runs in its container and its Patroni does not answer; with wal-gone, the segment is no more in pg_wal of the leader',
  undone: 'its Patroni is started again',
  neverTouches: 'the data directory, other members',
  async strike({ run, cluster, deal }, { nodes: [node] }, { walGone }) {
    await deal(() => node!.stopPatroni());
    const left = [
      ...((await node!.hasPostmaster()) ? ['a postmaster runs'] : []),
      ...((await node!.restStatus('/health')) === undefined ? [] : ['Patroni answers']),
    ];
    const gone = walGone && left.length === 0 ? `, ${await outrun(run, cluster, node!.name)}` : '';
    return {
      proof: {
        took: left.length === 0,
        expected: `Patroni and PostgreSQL of ${node!.name} stopped`,
        found: left.join(', ') || `neither answers${gone}`,
      },
    };
  },
  async undo({ run, cluster, struck }) {
    for (const name of struck) {
      const node = cluster.member(name);
      if ((await node.restStatus('/liveness')) !== undefined) continue;
      // "already started" is no error of ours.
      await node.exec(node.places.start, { check: false });
      await until('member answers', run, async () => (await node.restStatus('/liveness')) !== undefined);
    }
    return `Patroni of ${struck.join(', ')} started`;
  },
});

/**
 * Has the leader fill and remove segments until it has none any more that a member stopped by now may need: first Patroni
 * drops its slot, which else would keep them. @returns words
 */
async function outrun(run: Run, cluster: Cluster, member: string): Promise<string> {
  const leader = await cluster.leader();
  const segment = await leader.value('SELECT pg_walfile_name(pg_current_wal_lsn())');
  await until('accident proven', run, async () => {
    const slots = `SELECT count(*) FROM pg_replication_slots WHERE slot_name = '${member.replaceAll('-', '_')}'`;
    return (await leader.value(slots)) === '0';
  });
  await until(
    'segment archived',
    run,
    async () => {
      await leader.query(`SELECT pg_logical_emit_message(true, 'pgdrill', 'segment filled')`);
      await leader.query('SELECT pg_switch_wal()');
      await leader.query('CHECKPOINT');
      return (
        (await leader.value(
          `SELECT count(*) FROM pg_ls_waldir() WHERE name <= '${segment}' AND name ~ '^[0-9A-F]{24}$'`,
        )) === '0'
      );
    },
    { everyMs: 500, seen: () => `${leader.name} still has ${segment}` },
  );
  return `${segment} and all before it are gone on ${leader.name}`;
}
