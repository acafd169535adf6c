import type { ClusterEvidence, EpisodeEvidence, MemberEvidence } from '../record/evidence';
import type { Finding, FindingStatus } from '../record/finding';
import type { Examined } from './check';

/** How many of many differing items a finding names. */
export const SHOWN = 5;

/** Where a check looks: an episode, a cluster of it, a member of that; makes the findings of this place. */
export class Place {
  constructor(
    private readonly check: string,
    private readonly examined: Examined,
    readonly cluster?: string,
    readonly member?: string,
  ) {}

  ok(expected: string, found: string, detail: string[] = []): Finding {
    return this.finding('ok', expected, found, detail);
  }

  /** @param detail what differs first, and where to look; since when is added here */
  failed(expected: string, found: string, detail: string[] = []): Finding {
    return this.finding('failed', expected, found, [...detail, ...sinceWhen(this.examined.episode)]);
  }

  unverified(expected: string, found: string, detail: string[] = []): Finding {
    return this.finding('unverified', expected, found, detail);
  }

  private finding(status: FindingStatus, expected: string, found: string, detail: string[]): Finding {
    return {
      check: this.check,
      status,
      episode: this.examined.index,
      ...(this.cluster === undefined ? {} : { cluster: this.cluster }),
      ...(this.member === undefined ? {} : { member: this.member }),
      expected,
      found,
      ...(detail.length === 0 ? {} : { detail }),
    };
  }
}

/** A cluster with its place and its members, each with a place of its own, by name. */
export interface ClusterPlace {
  place: Place;
  cluster: ClusterEvidence;
  members: { name: string; place: Place; member: MemberEvidence }[];
}

/**
 * Looks at every cluster of the episode, in the order of their names. No cluster, or a cluster without members, is
 * never passed over in silence.
 */
export function everyCluster(check: string, examined: Examined, look: (at: ClusterPlace) => Finding[]): Finding[] {
  const names = Object.keys(examined.episode.clusters).sort();
  if (names.length === 0) {
    return [new Place(check, examined).unverified('evidence of at least one cluster', 'nothing was observed')];
  }
  return names.flatMap((name) => {
    const cluster = examined.episode.clusters[name];
    const place = new Place(check, examined, name);
    if (!cluster || Object.keys(cluster.members).length === 0) {
      return [place.unverified('evidence of every member', 'no member was observed')];
    }
    const members = Object.keys(cluster.members)
      .sort()
      .map((member) => ({
        name: member,
        place: new Place(check, examined, name, member),
        member: cluster.members[member] ?? {},
      }));
    return look({ place, cluster, members });
  });
}

/** Why a member has no evidence of some kind. */
export function whyAbsent(member: MemberEvidence): string {
  return member.unreachable === undefined ? 'was not observed' : `the member could not be asked: ${member.unreachable}`;
}

/** The first few of many, as text, with how many are left out. */
export function firstOf(items: readonly (string | number)[], total = items.length): string {
  const shown = items.slice(0, SHOWN).join(', ');
  return total > SHOWN ? `${shown} … (${total} in all)` : shown;
}

function sinceWhen({ incident, recovery }: EpisodeEvidence): string[] {
  const moments = [
    incident && `accident ${incident.struckAt}`,
    recovery?.fencedAt && `fence ${recovery.fencedAt}`,
    recovery?.leaderSince && `${recovery.node ?? 'recovered node'} leads since ${recovery.leaderSince}`,
  ].filter((moment) => typeof moment === 'string');
  return moments.length === 0 ? [] : [`when: ${moments.join('; ')}`];
}
