import { compareLsn } from '../../formats/lsn';
import { parseTimelineHistory, sameBranch, type TimelineHistory } from '../../formats/timeline-history';
import { firstLsnOf, historyNameOf, nextWalName, parseWalName } from '../../formats/wal-name';
import { PgdrillError } from '../../record/errors';
import type { WalCommit } from '../../record/ledger';
import type { MemberFacts, PitrFacts, WalOnDisk } from './facts';

/** The branch that a target lies on, as far as its WAL goes. */
export interface TargetBranch {
  history: TimelineHistory;
  /** Where its WAL ends: on the cluster's own timeline now, on one that was left at the end of the last segment held. */
  endLsn: string;
  /** Whether a leader still writes it. What another one lacks in the archive never comes. */
  grows: boolean;
  /** Whether it is the cluster's own timeline. */
  own: boolean;
  /** Segments that are held beside the archive: receive-wal's unfinished one, those on the disk of the node. */
  beside: readonly string[];
  /** The last commit or abort there is of it, where that is known. */
  lastCommit?: WalCommit;
}

/** The member that leads, if one does. */
export function leaderOf(facts: PitrFacts): MemberFacts | undefined {
  return facts.members.find((member) => member.leader);
}

/**
 * The branch of a timeline: the cluster's own, one of its ancestors, or one that was abandoned. PostgreSQL knows the last
 * two by their history file in the archive alone (readTimeLineHistory in timeline.c).
 * @param node the member that is recovered on, for the WAL on its disk
 * @throws PGDRILL_TIMELINE_UNKNOWN, PGDRILL_TIMELINE_TWICE
 */
export function targetBranch(timeline: number, facts: PitrFacts, node?: MemberFacts): TargetBranch {
  const clusters = parseTimelineHistory(facts.timeline, facts.history);
  const own = timeline === facts.timeline;
  const history = own ? clusters : archivedBranch(timeline, facts);
  const last = facts.segments.filter((name) => parseWalName(name).timeline === timeline).at(-1);
  if (!history || (!own && last === undefined)) throw unknownTimeline(timeline, facts);
  refuseTwin(history, clusters, facts);
  const known = { history, own, ...(facts.lastCommit ? { lastCommit: facts.lastCommit } : {}) };
  if (!own && last !== undefined)
    return {
      ...known,
      grows: false,
      beside: [],
      endLsn: firstLsnOf(nextWalName(last, facts.segmentSize), facts.segmentSize),
    };
  if (leaderOf(facts)) return { ...known, grows: true, beside: [], endLsn: facts.currentLsn };
  return { ...known, grows: false, ...besideArchive(facts, node) };
}

/** What there is of the cluster's own timeline once nobody writes it any more. */
function besideArchive(
  facts: PitrFacts,
  node: MemberFacts | undefined,
): Pick<TargetBranch, 'beside' | 'endLsn' | 'lastCommit'> {
  const received = facts.partial ? [facts.partial.segment] : [];
  const onDisk = onDiskOf(facts, node);
  if (!onDisk) return { beside: received, endLsn: facts.currentLsn };
  return {
    beside: [...received, ...onDisk.segments],
    endLsn: onDisk.endLsn,
    ...(onDisk.lastCommit ? { lastCommit: onDisk.lastCommit } : {}),
  };
}

/** WAL on the disk of the node, where it goes on beyond all that Barman has. */
export function onDiskOf(facts: PitrFacts, node: MemberFacts | undefined): WalOnDisk | undefined {
  const { wal } = node ?? {};
  return wal && compareLsn(wal.endLsn, facts.currentLsn) > 0 ? wal : undefined;
}

/**
 * The number that the recovered timeline gets: PostgreSQL probes the archive for history files from the target's timeline
 * on, and stops at the first that is not there (findNewestTimeLine in timeline.c).
 * @throws PGDRILL_TIMELINE_TAKEN when a branch bears that number already: two branches of one number cannot be told apart
 */
export function nextTimeline(timeline: number, facts: PitrFacts): number {
  const held = new Set(facts.histories.map((file) => file.timeline));
  let next = timeline + 1;
  while (held.has(next)) next += 1;
  const withWal = facts.segments.some((name) => parseWalName(name).timeline === next);
  if (next > facts.timeline && !withWal) return next;
  const leader = leaderOf(facts);
  const name = historyNameOf(next);
  throw new PgdrillError(
    'PGDRILL_TIMELINE_TAKEN',
    `the recovery would be timeline ${next}, as ${name} is not in the archive, and there is a timeline ${next} already`,
    leader && next <= facts.timeline
      ? `archive it first: docker exec ${leader.name} su postgres -c 'barman-wal-archive -U barman barman ${facts.server} ${leader.dataDir}/pg_wal/${name}'; docker exec barman barman archive-wal ${facts.server}`
      : `put ${name} into the archive, or take the WAL of timeline ${next} out of it`,
  );
}

/** The timelines that a target may lie on, in order. */
export function knownTimelines(facts: PitrFacts): number[] {
  const withWal = new Set(facts.segments.map((name) => parseWalName(name).timeline));
  const left = [...withWal].filter((timeline) => archivedBranch(timeline, facts) !== undefined);
  return [...new Set([...left, facts.timeline])].sort((a, b) => a - b);
}

/** Words for the known timelines on which an LSN may be found: where each begins, and up to where its WAL goes. */
export function rangesOf(facts: PitrFacts): string {
  return knownTimelines(facts)
    .map((timeline) => {
      const { history, endLsn } = targetBranch(timeline, facts);
      return `timeline ${timeline} (${history.ancestors.at(-1)?.endLsn ?? '0/0'} to ${endLsn})`;
    })
    .join(', ');
}

/** The branch as the archive tells of it; undefined without a history file, or with one that names no branch. */
function archivedBranch(timeline: number, facts: PitrFacts): TimelineHistory | undefined {
  // Timeline 1 has no history file.
  if (timeline === 1) return { timeline, ancestors: [] };
  const file = facts.histories.find((one) => one.timeline === timeline);
  if (!file) return undefined;
  try {
    return parseTimelineHistory(timeline, file.text);
  } catch {
    return undefined;
  }
}

function unknownTimeline(timeline: number, facts: PitrFacts): PgdrillError {
  const name = historyNameOf(timeline);
  const why = !facts.segments.some((segment) => parseWalName(segment).timeline === timeline)
    ? 'the archive holds no WAL of it'
    : facts.histories.some((file) => file.timeline === timeline)
      ? `${name} in the archive names no branch`
      : `the archive holds WAL of it, but not ${name}, without which PostgreSQL does not go there`;
  return new PgdrillError(
    'PGDRILL_TIMELINE_UNKNOWN',
    `the target lies on timeline ${timeline}, the cluster is on ${facts.timeline}: ${why}`,
    `choose a target on ${rangesOf(facts)}`,
  );
}

/**
 * Two recoveries from one point both make, say, a timeline 2. Where the archive's and the cluster's are not the same, it
 * cannot be told whose WAL lies there.
 */
function refuseTwin(history: TimelineHistory, own: TimelineHistory, facts: PitrFacts): void {
  const onTheWay = (timeline: number, of: TimelineHistory) =>
    timeline === of.timeline || of.ancestors.some((row) => row.timeline === timeline);
  for (const file of facts.histories) {
    if (!onTheWay(file.timeline, own) || !onTheWay(file.timeline, history)) continue;
    const archived = archivedBranch(file.timeline, facts);
    if (archived && sameBranch(archived, own)) continue;
    throw new PgdrillError(
      'PGDRILL_TIMELINE_TWICE',
      `there are two branches of timeline ${file.timeline}: ${historyNameOf(file.timeline)} in the archive is not the cluster's`,
      `choose a target before timeline ${file.timeline} began, or put the archive in order first`,
    );
  }
}
