import type { PatroniNode } from '../../cluster/patroni-node';
import { PgdrillError } from '../../record/errors';
import type { RecoverContext } from '../recovery';

/**
 * A member, by what it was or is: `struck` is the one that the accident struck, `old-leader` led when it did, `leader` leads now;
 * else its name.
 */
export type Whose = 'struck' | 'old-leader' | 'leader' | (string & {});

/** @throws PGDRILL_UNKNOWN_MEMBER, also where nobody noted who led */
export async function nodeOf({ cluster, incident }: RecoverContext, whose: Whose): Promise<PatroniNode> {
  if (whose === 'leader') return cluster.leader();
  if (whose === 'struck') return cluster.member(incident.member);
  if (whose !== 'old-leader') return cluster.member(whose);
  if (incident.leader !== undefined) return cluster.member(incident.leader);
  throw new PgdrillError(
    'PGDRILL_UNKNOWN_MEMBER',
    'the accident does not say who led when it struck',
    'name the member that is meant',
  );
}
