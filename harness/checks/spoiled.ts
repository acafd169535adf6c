import { firstNumbers, formatIntervals, parseIntervals, subtract, union } from '../formats/intervals';
import type { ClusterEvidence, EpisodeEvidence, Evidence, MemberEvidence } from '../record/evidence';
import type { Content } from '../record/fingerprint';
import type { WalOrderEvidence } from '../record/ledger';
import type { RecoveryResult } from '../record/recovery';
import type { EvidenceSabotage } from './check';
import { leaderOf } from './leader-of';
import { LEDGER_DATABASE } from './ledger-sets';
import { walOrderOf } from './without-ledger';

/** A deep copy of the evidence to be spoiled, with the places where sabotages work: the last episode's first cluster. */
export class Spoiled {
  constructor(readonly evidence: Evidence) {}

  get episode(): EpisodeEvidence {
    return there(this.evidence.episodes.at(-1), 'an episode');
  }

  get recovery(): RecoveryResult {
    return there(this.episode.recovery, 'a recovery');
  }

  get newTimeline(): number {
    return there(this.recovery.newTimeline, 'a new timeline');
  }

  get cluster(): ClusterEvidence {
    const { clusters } = this.episode;
    return there(clusters[Object.keys(clusters).sort()[0] ?? ''], 'a cluster');
  }

  get ledger(): NonNullable<ClusterEvidence['ledger']> {
    return there(this.cluster.ledger, 'a ledger');
  }

  /** Commits around the boundary, with the ledger or by themselves. */
  get walOrder(): WalOrderEvidence {
    return there(walOrderOf(this.cluster), 'order of commits');
  }

  get dcs(): NonNullable<ClusterEvidence['dcs']> {
    return there(this.cluster.dcs, "etcd's keys");
  }

  get archive(): NonNullable<ClusterEvidence['archive']> {
    return there(this.cluster.archive, 'an archive');
  }

  get restoredAside(): NonNullable<ClusterEvidence['restoredAside']> {
    return there(this.cluster.restoredAside, 'a backup restored aside');
  }

  get leaderName(): string {
    return there(leaderOf(this.cluster), 'a leader');
  }

  get leader(): MemberEvidence {
    return there(this.cluster.members[this.leaderName], 'a leader');
  }

  get replicaName(): string {
    const names = Object.keys(this.cluster.members).sort();
    return there(
      names.find((name) => name !== this.leaderName),
      'a replica',
    );
  }

  get replica(): MemberEvidence {
    return there(this.cluster.members[this.replicaName], 'a replica');
  }

  get members(): MemberEvidence[] {
    return Object.values(this.cluster.members);
  }

  /** The first database with tables, by name, on a member; never the ledger's. */
  content(member: MemberEvidence): Content {
    const all = there(member.content, 'content');
    const name = Object.keys(all)
      .sort()
      .find((database) => database !== LEDGER_DATABASE && Object.keys(all[database]?.tables ?? {}).length > 0);
    return there(all[name ?? ''], 'a database with tables');
  }
}

/**
 * Names one way to spoil evidence.
 * @param reds the exact set of checks that turn red; `unverified` the exact set that turns unverified
 * @param spoil changes the copy in place; may throw when there is nothing of the kind
 */
export function sabotage(
  id: string,
  title: string,
  expected: { reds?: string[]; unverified?: string[] },
  spoil: (spoiled: Spoiled) => void,
): EvidenceSabotage {
  return {
    id,
    title,
    reds: expected.reds ?? [],
    ...(expected.unverified ? { unverified: expected.unverified } : {}),
    apply(evidence) {
      // Evidence is plain data, as it lies in evidence.json.
      const copy = JSON.parse(JSON.stringify(evidence)) as Evidence;
      spoil(new Spoiled(copy));
      return copy;
    },
  };
}

/** The evidence does not hold what a sabotage spoils; whatever else it throws is a mistake in the sabotage. */
export class NothingToSpoil extends Error {}

/** What has to be there for a sabotage to spoil. @throws NothingToSpoil when it is not */
export function there<T>(value: T | undefined | null, what: string): T {
  if (value === undefined || value === null) throw new NothingToSpoil(`this evidence has no ${what} to spoil`);
  return value;
}

/** A set of sequence numbers without some, or with some more. */
export function without(set: string | undefined, ...numbers: number[]): string {
  return formatIntervals(subtract(parseIntervals(there(set, 'ledger rows')), asSet(numbers)));
}
export function withMore(set: string | undefined, ...numbers: number[]): string {
  return formatIntervals(union(parseIntervals(there(set, 'ledger rows')), asSet(numbers)));
}
export function firstIn(set: string, what: string): number {
  return there(firstNumbers(parseIntervals(set), 1)[0], what);
}

function asSet(numbers: number[]): ReturnType<typeof parseIntervals> {
  return numbers.map((number) => [number, number] as const).reduce((all, one) => union(all, [one]), parseIntervals(''));
}
