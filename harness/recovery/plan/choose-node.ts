import { PgdrillError } from '../../record/errors';
import type { MemberFacts, PitrFacts } from './facts';

/**
 * The member to recover on: the one asked for, else the first running replica that may become leader. A replica,
 * because the leader's data directory is the way back; where there is no replica, the leader.
 * @throws PGDRILL_UNKNOWN_MEMBER, PGDRILL_NODE_UNFIT
 */
export function chooseNode(asked: string | undefined, facts: PitrFacts): MemberFacts {
  const names = facts.members.map((member) => member.name).join(', ');
  if (asked !== undefined) {
    const found = facts.members.find((member) => member.name === asked);
    if (!found)
      throw new PgdrillError(
        'PGDRILL_UNKNOWN_MEMBER',
        `the cluster has no member "${asked}"`,
        `choose one of ${names}`,
      );
    const unfit = unfitness(found);
    if (unfit)
      throw new PgdrillError(
        'PGDRILL_NODE_UNFIT',
        `${asked} cannot be recovered on: ${unfit}`,
        `choose another of ${names}`,
      );
    return found;
  }
  const fit = facts.members.filter((member) => unfitness(member) === undefined);
  const chosen = fit.find((member) => !member.leader) ?? fit[0];
  if (!chosen)
    throw new PgdrillError(
      'PGDRILL_NODE_UNFIT',
      `no member of ${names} can be recovered on`,
      'start one of their containers',
    );
  return chosen;
}

function unfitness(member: MemberFacts): string | undefined {
  if (!member.running) return 'its container does not run';
  if (member.nofailover) return 'its tag nofailover keeps it from ever becoming leader';
  return undefined;
}
