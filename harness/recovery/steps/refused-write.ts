import type { PatroniNode } from '../../cluster/patroni-node';
import type { Site } from '../site';
import { messageOf, PgdrillError } from '../../record/errors';

/**
 * Tries to write on a member that was stopped.
 * @returns how it was refused
 * @throws PGDRILL_FENCE_OPEN when it was not
 */
export async function refusedWrite(node: PatroniNode): Promise<string> {
  if (await node.hasPostmaster()) {
    throw new PgdrillError(
      'PGDRILL_FENCE_OPEN',
      `a postmaster still runs on ${node.name} after its Patroni was stopped`,
      'look whether Patroni is paused or PostgreSQL was started by hand',
    );
  }
  try {
    await node.query('CREATE TABLE pgdrill_fence_probe ()');
  } catch (error) {
    return messageOf(error) || 'no answer';
  }
  throw new PgdrillError(
    'PGDRILL_FENCE_OPEN',
    `${node.name} accepted a write after it was fenced`,
    'look at what started PostgreSQL there',
  );
}

/** Adds to the proof of the fence; who was tried before, as by an earlier try of the step, is replaced. */
export function noteRefused(result: Site['result'], refused: NonNullable<Site['result']['fence']>): void {
  const others = (result.fence ?? []).filter(({ member }) => !refused.some((one) => one.member === member));
  result.fence = [...others, ...refused];
}
