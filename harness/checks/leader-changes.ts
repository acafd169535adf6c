import { microsTime } from '../formats/timestamptz';
import type { ClusterEvidence, EpisodeEvidence } from '../record/evidence';
import type { RolesEvidence } from '../record/roles';
import { noBranch, promotionsOf } from './no-branch';

/** The leader key came to another member, or back to the same one. */
export interface LeaderChange {
  at: string;
  member: string;
  /** What explains it; none where nothing of the episode does. */
  why?: string;
}

/** What Patroni's REST API says of a leader: `master` up to 3, `primary` from 4 on. */
const LEADING: readonly string[] = ['primary', 'master', 'leader'];
/** Two looks at two members lie up to this far apart, µs: shorter than that, two leaders by REST mean nothing. */
const BETWEEN_LOOKS = 1_000_000n;

/** Who held the leader key, in order, each with what explains it: the boot, the recovery, the switchover after it. */
export function leaderChanges(
  roles: RolesEvidence,
  episode: EpisodeEvidence,
  cluster: ClusterEvidence,
): LeaderChange[] {
  const { recovery } = episode;
  const leadStart = recovery?.leadStartedAt ?? recovery?.fencedAt;
  const { switchover } = cluster;
  const seen: LeaderChange[] = [];
  for (const [index, { at, member }] of roles.leaderKey.entries()) {
    if (member === undefined) continue;
    const previous = seen.at(-1);
    const after = (moment: string | undefined) => moment !== undefined && microsTime(at) >= microsTime(moment);
    const recovered =
      !noBranch(episode) &&
      recovery?.node === member &&
      after(leadStart) &&
      !seen.some(({ why }) => why === 'recovery');
    // Beside the cluster nobody is made leader, and one that heals has settled: the one switchover is the last change.
    const settled = recovery?.rescue?.committedAt ?? recovery?.rejoinedAt;
    const due = noBranch(episode) ? after(settled) : after(recovery?.leaderSince);
    const switched = switchover?.to === member && previous?.member === switchover.from && due;
    const healing = after(episode.incident?.struckAt) && !after(settled);
    const promoted = promotionsOf(episode).most > 0 && healing;
    // The key was gone for a while: had its member been promoted anew meanwhile, its history would have one timeline more.
    // Never gone in between: a Patroni that was started again writes the key anew, with a lease of its own.
    const inPlace = roles.leaderKey[index - 1]?.member === member;
    const again = inPlace || (recovery?.branch === 'promoted' && previous?.member === member && healing);
    // What a drill does before its accident is not for a recovery to explain.
    const earlier = noBranch(episode) && episode.incident !== undefined && !after(episode.incident.before.time);
    const why =
      previous === undefined
        ? 'boot'
        : recovered
          ? 'recovery'
          : switched
            ? 'switchover'
            : earlier
              ? 'before the accident'
              : again
                ? 'the same member again'
                : promoted
                  ? 'promotion'
                  : undefined;
    seen.push({ at, member, ...(why === undefined ? {} : { why }) });
  }
  return seen;
}

/**
 * Times in which Patroni named two leaders, by its REST API: a hint, for no two members are asked at one moment.
 * @returns the pairs, each with for how many µs at the longest
 */
export function leadersByRest(roles: RolesEvidence): { members: [string, string]; micros: bigint }[] {
  const names = [...new Set(roles.rest.map(({ member }) => member))].sort();
  const spans = new Map(names.map((name) => [name, leadingSpans(roles, name)]));
  return names.flatMap((one, index) =>
    names.slice(index + 1).flatMap((other) => {
      const longest = (spans.get(one) ?? [])
        .flatMap((a) => (spans.get(other) ?? []).map((b) => min(a[1], b[1]) - max(a[0], b[0])))
        .reduce(max, 0n);
      return longest > BETWEEN_LOOKS ? [{ members: [one, other] as [string, string], micros: longest }] : [];
    }),
  );
}

function leadingSpans(roles: RolesEvidence, name: string): [bigint, bigint][] {
  const own = roles.rest.filter(({ member }) => member === name);
  return own.flatMap(({ at, role }, index): [bigint, bigint][] =>
    LEADING.includes(role) ? [[microsTime(at), microsTime(own[index + 1]?.at ?? roles.to)]] : [],
  );
}

const min = (a: bigint, b: bigint): bigint => (a < b ? a : b);
const max = (a: bigint, b: bigint): bigint => (a > b ? a : b);
