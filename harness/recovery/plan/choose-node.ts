import { compareLsn } from '../../formats/lsn';
import { PgdrillError } from '../../record/errors';
import type { MemberFacts, PitrFacts } from './facts';

/**
 * The member to recover on: the one asked for, else the first running replica that may become leader. A replica,
 * because the leader's data directory is the way back; where there is no replica, the leader. Where nobody leads, the one
 * whose disk has the most WAL beyond the archive: it was acknowledged, and is nowhere else.
 * @throws PGDRILL_UNKNOWN_MEMBER, PGDRILL_NODE_UNFIT
 */
export function chooseNode(asked: string | undefined, facts: PitrFacts): MemberFacts {
  const names = facts.members.map((member) => member.name).join(', ');
  const others = (member: MemberFacts) => facts.members.filter((one) => one !== member && unfitness(one) === undefined);
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
        others(found).length > 0
          ? `recover on another: ${others(found)
              .map((member) => `--target ${member.name}`)
              .join(' or ')}`
          : `choose another of ${names}`,
      );
    return found;
  }
  const fit = facts.members.filter((member) => unfitness(member) === undefined);
  const chosen = withMostWal(fit) ?? fit.find((member) => !member.leader) ?? fit[0];
  if (!chosen)
    throw new PgdrillError(
      'PGDRILL_NODE_UNFIT',
      `no member of ${names} can be recovered on`,
      'start one of their containers',
    );
  return chosen;
}

/** Undefined where no disk has any, which is so wherever somebody leads. */
function withMostWal(fit: readonly MemberFacts[]): MemberFacts | undefined {
  return fit
    .filter((member) => member.wal !== undefined && !member.dataDirIsMount)
    .reduce<MemberFacts | undefined>(
      (most, member) => (most?.wal && compareLsn(most.wal.endLsn, member.wal!.endLsn) >= 0 ? most : member),
      undefined,
    );
}

function unfitness(member: MemberFacts): string | undefined {
  if (!member.running) return 'its container does not run';
  if (member.nofailover) return 'its tag nofailover keeps it from ever becoming leader';
  return undefined;
}
