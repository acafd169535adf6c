import type { BarmanServer } from '../cluster/barman-server';
import type { Cluster } from '../cluster/cluster';
import type { PatroniNode } from '../cluster/patroni-node';
import type { Run } from '../run/run';
import { until } from '../run/until';
import { awaitReceiving } from './await-receiving';
import { resetReceiving } from './reset-receiving';

/** After how many looks that find receive-wal failing something is done: it comes back by itself within a few. */
const LOOKS_BEFORE_RESET = 6;

/**
 * Waits until receive-wal streams from the leader, by its slot there: a process alone says nothing, for one that cannot go on
 * is begun anew every second. One that does not come back by itself is reset. Where the slot wants WAL that the leader has
 * removed, a reset would ask for that again, and the slot is made anew: a slot is written to disk before a checkpoint, WAL is
 * removed after it by how far the slot has come meanwhile, and after a crash it is where it was (seen with PostgreSQL 15). On a
 * cluster that is not ours its slot is left alone.
 * @returns what was needed, in words
 * @throws PGDRILL_DEADLINE
 */
export async function receiveAgain(context: Run, cluster: Cluster): Promise<string> {
  const { barman } = cluster;
  const slot = await slotOf(barman);
  if (slot === undefined) {
    await resetReceiving(context, cluster);
    await awaitReceiving(context, cluster);
    return 'receive-wal was reset';
  }
  const did: string[] = [];
  let looks = 0;
  await until(
    'barman connected',
    context,
    async () => {
      const leader = await cluster.leader();
      if (await streams(leader, slot)) return true;
      await barman.restartReceiving();
      looks += 1;
      if (looks % LOOKS_BEFORE_RESET !== 0) return false;
      if (cluster.description.origin !== 'foreign' && (await wantsRemovedWal(leader, slot))) {
        await barman.stopReceiving();
        await leader.query('SELECT pg_drop_replication_slot($1)', [slot]);
        await barman.barman(['receive-wal', '--create-slot', barman.server], { check: false });
        did.push(`slot ${slot} made anew, for the WAL that it wanted is removed`);
      }
      did.push(`reset: ${await resetReceiving(context, cluster)}`);
      return false;
    },
    { everyMs: 500, seen: () => did.join('; ') || 'it does not stream' },
  );
  return did.length === 0 ? 'receive-wal came back by itself' : did.join('; ');
}

/** Whether receive-wal streams from the leader, by its slot; true where there is no receive-wal or it uses none. */
export async function receives(cluster: Cluster): Promise<boolean> {
  const slot = cluster.barman.receivesWal ? await slotOf(cluster.barman) : undefined;
  return slot === undefined || streams(await cluster.leader(), slot);
}

/** The slot's name in Barman's own configuration; undefined where none is set (Barman's documentation, `slot_name`). */
export async function slotOf(barman: BarmanServer): Promise<string | undefined> {
  const all = (await barman.json(['show-servers', barman.server])) as Record<
    string,
    { slot_name?: string } | undefined
  >;
  const name = all[barman.server]?.slot_name;
  return name === undefined || name === '' || name === 'None' ? undefined : name;
}

async function streams(leader: PatroniNode, slot: string): Promise<boolean> {
  const [row] = await leader.query<{ streams: boolean }>(
    `SELECT EXISTS (SELECT FROM pg_replication_slots JOIN pg_stat_replication ON pid = active_pid
       WHERE slot_name = $1 AND state = 'streaming') AS streams`,
    [slot],
  );
  return row!.streams;
}

/** Segments are compared without their timeline: those from before a promotion keep their name. */
async function wantsRemovedWal(leader: PatroniNode, slot: string): Promise<boolean> {
  const [row] = await leader.query<{ removed: boolean | null }>(
    `SELECT right(pg_walfile_name(restart_lsn), 16) < (SELECT min(right(name, 16)) FROM pg_ls_waldir() WHERE name ~ '^[0-9A-F]{24}$') AS removed
       FROM pg_replication_slots WHERE slot_name = $1`,
    [slot],
  );
  return row?.removed ?? false;
}
