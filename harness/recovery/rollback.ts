import type { Journal } from '../record/journal';
import type { RecoveryResult } from '../record/recovery';
import { messageOf } from '../record/errors';
import { takeBack } from './execute';
import type { JournalStore } from './journal';
import { settleCommands } from './left-commands';
import { atWork, type PitrContext } from './pitr';
import { everBegun, hasBegun, oldLeaderOf, stepsToUndo, tidyBegun } from './plan/stands';
import { quarantineFolder } from './quarantine';
import { releaseBarman } from './release-barman';
import { requireFree } from './resume';
import type { Site } from './site';
import { requireWayBack, writesAcknowledged, writesOf } from './way-back';

/**
 * Takes a recovery back: the old leader leads again with its data, every member follows it, and what the new branch had
 * archived is put aside. Cut off anywhere, it is finished by another rollback.
 * @param journal as it was found
 * @param options.force throws away what the recovered leader has acknowledged, while the old leader's data is still there
 * @param options.takeOver `PGDRILL_RECOVERY_RUNNING`: its process, on another host, is known to be gone
 * @throws PGDRILL_WRITES_ACKNOWLEDGED with how many and since when, PGDRILL_NO_WAY_BACK, PGDRILL_MEMBER_STOPPED,
 *   PGDRILL_RECOVERY_RUNNING, PGDRILL_RECOVERY_OVER, and what an undo throws
 */
export async function rollBack(
  context: PitrContext,
  journal: Journal,
  options: { force?: boolean; takeOver?: readonly string[] } = {},
): Promise<RecoveryResult> {
  const started = performance.now();
  requireFree(journal, 'rollback', options.takeOver);
  const { run, cluster } = context;
  const { site, journal: store } = atWork(context, journal, 'rolling-back');
  // Files on Barman's side have changed no member; what a person made of them is not taken back.
  const filesOnly = journal.plan.mode === 'files';
  if (!filesOnly) await requireWayBack(site);
  await requireNoWrites(site, options.force ?? false);
  await settleCommands(run, cluster, { end: 'copies and backups' });
  let thrownAway = journal.result.rolledBack?.thrownAway ?? 0;
  await store.save(site, 'rolling-back');
  if (hasBegun(site, 'lead')) {
    thrownAway = await stopNewLeader(site, options.force ?? false, store);
    // What cuts this off does not make it forgotten.
    site.result.rolledBack = { copied: [], quarantined: 0, ...site.result.rolledBack, thrownAway };
  }
  try {
    for (const id of stepsToUndo(site)) await takeBack(site, id, store);
    if (!filesOnly) await settled(site);
  } catch (error) {
    await store.save(site, 'rolling-back', messageOf(error)).catch(() => undefined);
    throw error;
  }
  site.result.rolledBack = await whatWasDone(site, thrownAway);
  await store.save(site, 'rolled-back');
  await store.remove();
  const { plan } = site;
  return {
    strategy: plan.strategy,
    plan,
    outcome: 'rolled-back',
    node: plan.node,
    ...site.result,
    durationMs: Math.round(performance.now() - started),
  };
}

/** Looked at while everything runs: a rollback that is refused stops nothing. */
async function requireNoWrites(site: Site, force: boolean): Promise<void> {
  if (force || !hasBegun(site, 'lead')) return;
  const written = await writesOf(site);
  if (written.count > 0) throw writesAcknowledged(site, written);
}

/**
 * Stops the recovered leader and all that follow it, replicas first, so that none of them takes its place. Counted again
 * once nothing can be acknowledged any more: where something came in between, all are started again.
 * @returns how many transactions are thrown away
 */
async function stopNewLeader(site: Site, force: boolean, store: JournalStore): Promise<number> {
  const { cluster, node } = site;
  const others = cluster.others(node.name);
  await Promise.all(others.map((other) => other.stopPatroni()));
  await node.stopPatroni();
  const written = await writesOf(site);
  if (written.count === 0 || force) return written.count;
  await node.startPatroni();
  if (hasBegun(site, 'rejoin')) await Promise.all(others.map((other) => other.startPatroni()));
  const refusal = writesAcknowledged(site, written);
  await store.save(site, 'failed', `a rollback was refused: ${refusal.what}`);
  throw refusal;
}

/** Waits until the cluster is what it was: the old leader leads, every member streams from it, Barman receives. */
async function settled(site: Site): Promise<void> {
  const { run, cluster } = site;
  if (oldLeaderOf(site) === undefined) {
    run.note('there was no leader before: every member is started, and none is waited for');
    return;
  }
  const leader = await cluster.awaitStreaming('members rejoined');
  run.note(`${leader.name} leads, every member streams from it`);
  if (everBegun(site, 'fence')) await releaseBarman(run, cluster);
}

async function whatWasDone(site: Site, thrownAway: number): Promise<NonNullable<RecoveryResult['rolledBack']>> {
  const { cluster, node, plan } = site;
  const { barman } = cluster;
  const folder = quarantineFolder(barman, plan.id);
  const { stdout } = await barman.exec(['sh', '-c', 'find "$1" -type f 2> /dev/null | wc -l', 'sh', folder]);
  const quarantined = Number(stdout.trim());
  const leader = oldLeaderOf(site);
  const copied = site.result.rolledBack?.copied ?? [];
  return {
    ...(leader === undefined ? {} : { leader }),
    thrownAway,
    copied: tidyBegun(site) ? [...copied, node.name] : copied,
    ...(quarantined > 0 ? { quarantine: folder } : {}),
    quarantined,
  };
}
