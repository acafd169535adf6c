import { parseTimelineHistory, type TimelineAncestor, type TimelineHistory } from '../formats/timeline-history';
import type { MemberEvidence } from '../record/evidence';
import type { Spoiled } from './spoiled';

/** A history file as PostgreSQL's timeline.c writes it. */
export function historyText(ancestors: readonly TimelineAncestor[]): string {
  return ancestors.map(({ timeline, endLsn, reason }) => `${timeline}\t${endLsn}\t${reason}\n`).join('\n');
}

/** A member's history; that of timeline 1 is empty. */
export function historyOf(member: MemberEvidence): TimelineHistory {
  return parseTimelineHistory(member.timeline ?? 1, member.history ?? '');
}

/** Writes every history anew: those of the members and those in the archive. */
export function rewriteHistories(spoiled: Spoiled, write: (history: TimelineHistory) => string): void {
  for (const member of spoiled.members) member.history = write(historyOf(member));
  const { histories } = spoiled.archive;
  for (const [timeline, text] of Object.entries(histories)) {
    histories[timeline] = write(parseTimelineHistory(Number(timeline), text));
  }
}
