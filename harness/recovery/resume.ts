import { ownerIsGone } from '../engine/ownership';
import os from 'node:os';
import { PgdrillError } from '../record/errors';
import type { Journal } from '../record/journal';
import type { RecoveryMode, RecoveryResult } from '../record/recovery';
import { settleCommands } from './left-commands';
import { goOn, type PitrContext } from './pitr';
import { raiseMode } from './plan/raise-mode';
import { isOver, standingOf, type OwnerLife } from './plan/stands';

/** The code of the refusal that stands for the risk of two processes at one recovery. */
const RUNNING = 'PGDRILL_RECOVERY_RUNNING';

/** Whether the process that a journal names lives. Of another host's nothing is known. */
export function ownerLife(owner: string): OwnerLife {
  if (ownerIsGone(owner)) return 'gone';
  return owner.split('/')[0] === os.hostname() ? 'alive' : 'on another host';
}

/**
 * Goes on with a recovery that was cut off, that failed, or that waits, in any process: at the first step that is not
 * done, which is done again whole.
 * @param journal as it was found
 * @param options.mode further than it was asked to go at first: `cluster` after `restore`
 * @param options.force `PGDRILL_RECOVERY_RUNNING`: its process, on another host, is known to be gone
 * @throws PGDRILL_RECOVERY_RUNNING, PGDRILL_RECOVERY_OVER, PGDRILL_ROLLING_BACK, PGDRILL_MODE_LOWER, and what a step throws
 */
export async function resumePitr(
  context: PitrContext,
  journal: Journal,
  options: { mode?: RecoveryMode; force?: readonly string[] } = {},
): Promise<RecoveryResult> {
  requireFree(journal, 'resume', options.force);
  if (journal.state === 'rolling-back') {
    throw new PgdrillError(
      'PGDRILL_ROLLING_BACK',
      `recovery ${journal.plan.id} was cut off while it was rolled back`,
      'finish that: pgdrill pitr --rollback',
    );
  }
  const mode = options.mode ?? journal.plan.mode;
  const plan = raiseMode(journal.plan, mode);
  const request = { ...journal.request, mode, fence: plan.fence };
  await settleCommands(context.run, context.cluster, { end: 'copies' });
  return goOn(context, { ...journal, plan, request });
}

/**
 * Refuses to touch a recovery that is over, or that another process is at.
 * @throws PGDRILL_RECOVERY_OVER, PGDRILL_RECOVERY_RUNNING
 */
export function requireFree(journal: Journal, to: 'resume' | 'rollback', force: readonly string[] = []): void {
  if (isOver(journal) || (to === 'resume' && journal.state === 'done')) {
    throw new PgdrillError(
      'PGDRILL_RECOVERY_OVER',
      `recovery ${journal.plan.id} is ${journal.state === 'done' ? 'done' : 'rolled back'}`,
      'nothing is left to do; a further recovery is a new one',
    );
  }
  const life = ownerLife(journal.owner);
  if (!standingOf(journal, life).atWork) return;
  if (life === 'on another host' && force.includes(RUNNING)) return;
  throw new PgdrillError(
    RUNNING,
    life === 'alive'
      ? `recovery ${journal.plan.id} is at work: process ${journal.owner}`
      : `recovery ${journal.plan.id} may be at work on another host: process ${journal.owner}`,
    life === 'alive'
      ? 'wait until it ends, or end it; then resume it or roll it back'
      : `see there that it is gone; then again with --force=${RUNNING}`,
  );
}
