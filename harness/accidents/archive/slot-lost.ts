import { z } from 'zod';
import { slotOf } from '../../backup/receive-again';
import { archivedFileNames, switchAndArchive } from '../../backup/wal-archive';
import type { BarmanServer } from '../../cluster/barman-server';
import type { Cluster } from '../../cluster/cluster';
import type { PatroniNode } from '../../cluster/patroni-node';
import { parseDynamicConfig, type DynamicConfig } from '../../formats/dynamic-config';
import { patchStoredConfig, type ConfigPatch } from '../../operations/stored-config';
import type { Run } from '../../run/run';
import { until } from '../../run/until';
import { defineAccident } from '../define-accident';

export const slotLost = defineAccident({
  name: 'slot-lost',
  family: 'archive',
  title: "Barman's slot is gone while receive-wal is away, and WAL that it needs with it",
  does: "Stops receive-wal, takes its slot out of Patroni's permanent ones, so that Patroni drops it, and writes more WAL than `wal_keep_size`. Once the segment that receive-wal was at is recycled, it is started again. archive_command goes on bringing what is finished.",
  strikes: ['barman'],
  options: z.object({}),
  proof: "the slot was gone, and the segment that receive-wal was at is not in the leader's pg_wal",
  undone: 'the slot is put back into the configuration; receive-wal needs a reset',
  neverTouches: 'what Barman holds, the slots of members',
  async lacks({ cluster }) {
    const slot = cluster.barman.receivesWal ? await slotOf(cluster.barman) : undefined;
    if (slot === undefined) return 'Barman uses no slot';
    return (await permanentSlots(cluster))[slot] === undefined
      ? `slot ${slot} is no permanent one of Patroni's`
      : undefined;
  },
  async prepare({ cluster }) {
    const slot = (await slotOf(cluster.barman))!;
    return { slot, permanent: JSON.stringify((await permanentSlots(cluster))[slot]) };
  },
  async strike({ run, cluster, deal }, _victims, _options, notes) {
    const { barman } = cluster;
    const slot = notes.slot!;
    const leader = await cluster.leader();
    await deal(() => stopForGood(run, barman));
    const files = [...(await archivedFileNames(barman)).keys()];
    const at = files
      .filter((name) => name.endsWith('.partial'))
      .sort()
      .at(-1);
    const segment = at?.slice(0, 24) ?? files.sort().at(-1)!;
    await deal(() => patchStoredConfig(cluster, { slots: { [slot]: null } }));
    const dropped = await until('accident proven', run, async () => {
      const sql = `SELECT count(*) FROM pg_replication_slots WHERE slot_name = '${slot}'`;
      return (await leader.value(sql)) === '0';
    });
    const gone = async () => {
      await finishSegments(leader);
      await switchAndArchive(run, barman, leader);
      await leader.query('CHECKPOINT');
      return !(await hasSegment(leader, segment));
    };
    await until('accident proven', run, gone);
    await barman.exec(['supervisorctl', 'start', 'cron']);
    await barman.startReceiving();
    return {
      proof: {
        took: dropped && !(await hasSegment(leader, segment)),
        expected: `slot ${slot} dropped, ${segment} not in pg_wal of ${leader.name}`,
        found: 'so it is',
      },
      noted: { 'segment that receive-wal was at': segment },
    };
  },
  async undo({ cluster, notes }) {
    const { slot, permanent } = notes;
    if (slot === undefined || permanent === undefined) return 'nothing had been changed';
    await patchStoredConfig(cluster, { slots: { [slot]: JSON.parse(permanent) as ConfigPatch } });
    await cluster.barman.exec(['supervisorctl', 'start', 'cron'], { check: false });
    await cluster.barman.startReceiving();
    return `slot ${slot} is a permanent one again`;
  },
});

/** Stops receive-wal, and what would begin it anew. */
async function stopForGood(run: Run, barman: BarmanServer): Promise<void> {
  // `barman cron` would begin receive-wal anew, and make its slot, once a minute.
  await barman.exec(['supervisorctl', 'stop', 'cron']);
  await until('accident proven', run, async () => {
    await barman.stopReceiving();
    if (!(await barman.isReceiving())) return true;
    await barman.barman(['receive-wal', '--stop', barman.server], { check: false });
    return false;
  });
}

/** As many segments as `wal_keep_size` keeps. */
async function finishSegments(leader: PatroniNode): Promise<void> {
  const [row] = await leader.query<{ kept: number }>(
    "SELECT ceil(pg_size_bytes(current_setting('wal_keep_size')) / pg_size_bytes(current_setting('wal_segment_size'))::numeric)::int AS kept",
  );
  await leader.use(async (client) => {
    for (let left = row!.kept; left > 0; left -= 1) {
      await client.query('SELECT pg_current_xact_id()');
      await client.query('SELECT pg_switch_wal()');
    }
  });
}

async function hasSegment(leader: PatroniNode, segment: string): Promise<boolean> {
  return (await leader.value(`SELECT count(*) FROM pg_ls_waldir() WHERE name = '${segment}'`)) !== '0';
}

/** The permanent slots of Patroni. */
async function permanentSlots({ etcd }: Cluster): Promise<NonNullable<DynamicConfig['slots']>> {
  return parseDynamicConfig((await etcd.keys()).config).slots ?? {};
}
