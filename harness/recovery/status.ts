import type { Cluster } from '../cluster/cluster';
import { messageOf } from '../record/errors';
import type { Journal } from '../record/journal';
import { findJournals } from './journal';
import { isOver, standingOf, standingWords, stepsToUndo, type OwnerLife, type Standing } from './plan/stands';
import type { WrittenTransactions } from './plan/written-transactions';
import { ownerLife } from './resume';
import { whyNoWayBack, writesOf } from './way-back';

/** Where one recovery of a cluster stands. */
export interface RecoveryStatus {
  journal: Journal;
  owner: OwnerLife;
  standing: Standing;
  /** Where it stands, in one sentence. */
  words: string;
  /** Titles of the steps that `--resume` would do, in order; empty where it may not be resumed. */
  resume: string[];
  /** Ids of the steps that `--rollback` would take back, in order. */
  undo: string[];
  /** Why there is no way back; absent where there is one. */
  noWayBack?: string;
  /** What a rollback would throw away; absent where it could not be counted, and `uncounted` says why. */
  writes?: WrittenTransactions;
  uncounted?: string;
}

/** Every recovery that is not over on a cluster, the latest first. Nothing is changed. */
export async function statusOf(cluster: Cluster): Promise<RecoveryStatus[]> {
  const open = (await findJournals(cluster)).filter((journal) => !isOver(journal));
  return Promise.all(open.map((journal) => statusOfOne(cluster, journal)));
}

async function statusOfOne(cluster: Cluster, journal: Journal): Promise<RecoveryStatus> {
  const owner = ownerLife(journal.owner);
  const standing = standingOf(journal, owner);
  const { request, plan, result, steps } = journal;
  const site = { cluster, node: cluster.member(plan.node), request, plan, result, steps };
  const done = new Set(steps.filter(({ state }) => state === 'done').map(({ id }) => id));
  const [noWayBack, written] = await Promise.all([
    whyNoWayBack(site).catch((error: unknown) => `it could not be looked at: ${messageOf(error)}`),
    writesOf(site).then(
      (writes) => ({ writes }),
      (error: unknown) => ({ uncounted: messageOf(error) }),
    ),
  ]);
  return {
    journal,
    owner,
    standing,
    words: standingWords(journal, owner),
    resume: standing.mayResume ? plan.steps.filter(({ id }) => !done.has(id)).map(({ title }) => title) : [],
    undo: standing.mayRollBack ? stepsToUndo(journal) : [],
    ...(noWayBack === undefined ? {} : { noWayBack }),
    ...written,
  };
}
