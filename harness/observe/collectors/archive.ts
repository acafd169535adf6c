import { checkServer, showBackup } from '../../backup/base-backup';
import { archivedFiles, archivedHistory, dumpTransactions, switchAndArchive } from '../../backup/wal-archive';
import type { Cluster } from '../../cluster/cluster';
import { firstLsnOf, nextWalName, parseWalName } from '../../formats/wal-name';
import { parseTimelineHistory, segmentsNeeded } from '../../formats/timeline-history';
import type { ArchiveEvidence } from '../../record/evidence';
import type { BackupRef } from '../../record/backup-ref';
import type { Run } from '../../run/run';
import { until } from '../../run/until';
import { PgdrillError } from '../../record/errors';

/**
 * The archive from the chosen backup to now: each segment on the timeline that owns it by history, walked with
 * pg_waldump; every history file; the slot; `barman check` once it has come to rest; the fresh backup.
 */
export async function observeArchive(
  run: Run,
  cluster: Cluster,
  backup: BackupRef,
  freshBackup: string | undefined,
): Promise<ArchiveEvidence> {
  const { barman } = cluster;
  const leader = await cluster.leader();
  const segmentSize = await leader.segmentSize();
  const last = await switchAndArchive(run, barman, leader);
  const { timeline } = parseWalName(last) as { timeline: number };
  const history = parseTimelineHistory(timeline, await leader.history(timeline));
  const files = await archivedFiles(barman);
  const toLsn = firstLsnOf(nextWalName(last, segmentSize), segmentSize);
  const needed = segmentsNeeded(history, backup.beginLsn, toLsn, segmentSize);
  const held = new Set(files.segments);
  const present = needed.filter((segment) => held.has(segment));
  const ancestors = history.ancestors.map((row) => row.timeline).filter((id) => id > 1);
  const wanted = [...ancestors, ...(timeline > 1 ? [timeline] : [])];
  return {
    server: barman.server,
    segmentSize,
    fromLsn: backup.beginLsn,
    toLsn,
    segments: {
      needed: needed.length,
      missing: needed.filter((segment) => !held.has(segment)),
      damaged: await walk(cluster, present, segmentSize),
    },
    histories: Object.fromEntries(
      await Promise.all(files.histories.map(async (id) => [String(id), await archivedHistory(barman, id)] as const)),
    ),
    missingHistories: wanted.filter((id) => !files.histories.includes(id)),
    slot: await observeSlot(cluster),
    check: await settledCheck(run, cluster),
    ...(freshBackup === undefined ? {} : { freshBackup: await showBackup(cluster, freshBackup) }),
  };
}

/** Runs of segments of one timeline, each read from its first record to its last. */
async function walk(
  cluster: Cluster,
  segments: readonly string[],
  segmentSize: number,
): Promise<{ segment: string; error: string }[]> {
  const damaged: { segment: string; error: string }[] = [];
  for (const timeline of new Set(segments.map((segment) => segment.slice(0, 8)))) {
    const own = segments.filter((segment) => segment.startsWith(timeline));
    damaged.push(...(await dumpTransactions(cluster.barman, own, segmentSize)).damaged);
  }
  return damaged;
}

async function observeSlot(cluster: Cluster): Promise<ArchiveEvidence['slot']> {
  const leader = await cluster.leader();
  const rows = await leader.query<{ active: boolean; restart: string | null }>(
    "SELECT active, restart_lsn::text AS restart FROM pg_replication_slots WHERE slot_name = 'barman'",
  );
  const [slot] = rows;
  return {
    name: 'barman',
    present: slot !== undefined,
    active: slot?.active ?? false,
    ...(slot?.restart ? { restartLsn: slot.restart } : {}),
  };
}

/** `barman check` until nothing fails; what still fails at the deadline is evidence, not an error. */
async function settledCheck(run: Run, cluster: Cluster): Promise<ArchiveEvidence['check']> {
  let failing: string[] = ['not asked'];
  try {
    await until('archive checked', run, async () => {
      failing = (await checkServer(cluster)).map((line) => (line.hint ? `${line.name} (${line.hint})` : line.name));
      return failing.length === 0;
    });
  } catch (error) {
    if (!(error instanceof PgdrillError) || error.code !== 'PGDRILL_DEADLINE') throw error;
  }
  return { passed: failing.length === 0, failing };
}
