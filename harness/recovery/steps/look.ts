import { archivedXlogRecords } from '../../backup/archived-records';
import { archivedFiles, dumpTransactions } from '../../backup/wal-archive';
import { compareLsn, parseLsn } from '../../formats/lsn';
import { commitOf, endsTransaction, restorePointName } from '../../formats/waldump';
import { firstLsnOf, nextWalName, parseWalName, segmentAt, segmentNumber } from '../../formats/wal-name';
import { messageOf, PgdrillError } from '../../record/errors';
import type { RecoveryTarget } from '../../record/recovery';
import { until } from '../../run/until';
import { refuseForward, type Ahead } from '../plan/forward-target';
import { RecoveryWaits } from '../recovery-waits';
import type { Look, Site, Step } from '../site';
import { awaitStop, startIsolated } from './isolated-server';
import { noteBranch, recoveryWords } from './new-branch';
import { writeRecoverySettings } from './restore';
import { stopPostgres } from './stop-isolated';

/**
 * The isolated node stands at the target, readable: somebody looks at it and decides whether it is promoted, replays on to a
 * later target, or stays as it is until it is asked again.
 * @throws RecoveryWaits where it stays; PGDRILL_TARGET_BACKWARDS, PGDRILL_TARGET_UNREACHED, PGDRILL_RECOVERY_FAILED
 */
export const look: Step = { do: askAtTarget };

async function askAtTarget(site: Site): Promise<string> {
  const { node } = site;
  // After a pause of hours its container may have been started anew.
  await startIsolated(site);
  let refused: PgdrillError | undefined;
  for (;;) {
    // Promoted: by an earlier try of this step, or by itself where it went on to `latest`.
    if ((await awaitStop(site)) === 'promoted') return noteBranch(site);
    const seen = { ...(await lookAt(site)), ...(refused ? { refused } : {}) };
    site.run.note(`${node.name} stands at ${seen.lsn}: ${[...seen.stop.slice(-2), ...seen.found].join('; ')}`);
    const decision = (await site.decide?.(seen)) ?? 'stay';
    if (decision === 'stay') {
      throw new RecoveryWaits(
        `${node.name} stands at the target, ${seen.lsn}, readable; the last commit in it is of ${seen.lastCommit ?? 'before the backup'}`,
      );
    }
    if (decision === 'promote') {
      await promote(site);
      return noteBranch(site);
    }
    try {
      await goForward(site, decision.forward, seen);
      refused = undefined;
    } catch (error) {
      // Once more asked, with the reason; one who then gives the same target gives no other.
      const again = error instanceof PgdrillError && error.message === refused?.message;
      if (again || !(error instanceof PgdrillError) || !/^PGDRILL_TARGET_/.test(error.code)) throw error;
      refused = error;
    }
  }
}

/** Wakes the paused process at once; pg_promote() waits for its next look, up to a second (xlogrecovery.c, recoveryPausesHere). */
async function promote({ run, node }: Site): Promise<void> {
  await node.query('SELECT pg_wal_replay_resume()');
  await until('recovery finished', run, async () => (await node.inRecovery()) === false);
}

async function lookAt(site: Site): Promise<Look> {
  const { node, plan } = site;
  const [row] = await node.query<{ lsn: string; last: string | null }>(
    `SELECT pg_last_wal_replay_lsn()::text AS lsn,
            to_char(pg_last_xact_replay_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US') || '+00' AS last`,
  );
  const stop = recoveryWords(await node.serverLog());
  // A count that is not what it was is something to see here, and no reason to stop.
  const found = await site.checkThere(node.name).catch((error: unknown) => [messageOf(error)]);
  return {
    node: node.name,
    target: plan.target,
    lsn: row!.lsn,
    stop,
    found,
    ...(row?.last ? { lastCommit: row.last } : {}),
  };
}

/** Replays on from where the node stands: PostgreSQL reads a target only when it starts (documentation, 20.5.6). */
async function goForward(site: Site, target: RecoveryTarget, from: Look): Promise<void> {
  const { node, plan, request } = site;
  const { ahead, segments } = await lookAhead(site, from);
  refuseForward(target, ahead);
  Object.assign(request, { target });
  Object.assign(plan, { target, segments: [...new Set([...plan.segments, ...segments])] });
  // Known before the server is: a resume must not take this target for the one that it stands at.
  await site.save();
  await stopPostgres(site);
  await writeRecoverySettings(site);
  await startIsolated(site);
  site.run.note(`${node.name} replays on to the later target`);
}

/** What the archive has on the target's timeline behind the place where the node stands. */
async function lookAhead(
  { cluster, plan }: Site,
  { lsn, lastCommit }: Look,
): Promise<{ ahead: Ahead; segments: string[] }> {
  const { barman } = cluster;
  const here = segmentAt(parseLsn(lsn), plan.segmentSize);
  const held = (await archivedFiles(barman)).segments;
  const segments = held.filter(
    (name) => parseWalName(name).timeline === plan.targetTimeline && segmentNumber(name, plan.segmentSize) >= here,
  );
  const last = segments.at(-1);
  if (last === undefined) {
    return {
      ahead: { lsn, commits: [], restorePoints: [], endLsn: lsn, ...(lastCommit ? { lastCommit } : {}) },
      segments,
    };
  }
  const [{ records }, points] = await Promise.all([
    dumpTransactions(barman, segments, plan.segmentSize),
    archivedXlogRecords(barman, segments, ['RESTORE_POINT']),
  ]);
  const behind = (record: { lsn: string }) => compareLsn(record.lsn, lsn) >= 0;
  return {
    ahead: {
      lsn,
      ...(lastCommit ? { lastCommit } : {}),
      commits: records.filter((record) => endsTransaction(record) && behind(record)).map(commitOf),
      restorePoints: (points ?? []).filter(behind).map((record) => restorePointName(record) ?? ''),
      endLsn: firstLsnOf(nextWalName(last, plan.segmentSize), plan.segmentSize),
    },
    segments,
  };
}
