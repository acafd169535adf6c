import type { ClusterEvidence, EpisodeEvidence, MemberArea, MemberEvidence } from '../record/evidence';
import type { Finding, FindingStatus } from '../record/finding';
import type { Examined } from './check';
import { momentsLine } from './moments';
import { nearestLog } from './nearest-log';

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

  /**
   * @param detail what differs first, and where to look (see `look.ts`); the lines of the member's log that have to do
   * with it (`log: …`) and the moments of the episode (`when: …`) are added here
   */
  failed(expected: string, found: string, detail: string[] = []): Finding {
    const { episode } = this.examined;
    const log = this.evidence(episode)?.log;
    return this.finding('failed', expected, found, [
      ...detail,
      ...nearestLog(this.check, log, [expected, found, ...detail].join('\n')),
      ...momentsLine(episode, this.cluster),
    ]);
  }

  unverified(expected: string, found: string, detail: string[] = []): Finding {
    return this.finding('unverified', expected, found, detail);
  }

  /** Of one thing among others that are judged: it is named, and counts neither way. */
  notApplicable(expected: string, found: string, detail: string[] = []): Finding {
    return this.finding('not-applicable', expected, found, detail);
  }

  private evidence({ clusters }: EpisodeEvidence): MemberEvidence | undefined {
    return this.member === undefined ? undefined : clusters[this.cluster ?? '']?.members[this.member];
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

/** Why a member has no evidence of some kind. @param area the area that it would be in, which may say why by itself */
export function whyAbsent(member: MemberEvidence, area?: MemberArea): string {
  if (member.unreachable !== undefined) return `the member could not be asked: ${member.unreachable}`;
  const why = area === undefined ? undefined : member.unread?.[area];
  return why === undefined ? 'was not observed' : `could not be read: ${why}`;
}

/** The first few of many, as text, with how many are left out. */
export function firstOf(items: readonly (string | number)[], total = items.length): string {
  const shown = items.slice(0, SHOWN).join(', ');
  return total > SHOWN ? `${shown} … (${total} in all)` : shown;
}
