import type { LeaderTerm } from '../../record/ledger';
import { isAcknowledged, type AcknowledgedEntry, type LedgerEntry } from './entry';
import { compareMoments, earlierOf, laterOf } from './moments';

/**
 * What is kept in memory of a ledger while it is written: counts, the terms of leaders, and the last acknowledgement of
 * each writer. It does not grow with the number of transactions.
 */
export class LedgerTally {
  sent = 0;
  acknowledged = 0;
  private readonly open = new Map<string, LeaderTerm & { session: number }>();
  private readonly all: LeaderTerm[] = [];
  private readonly last = new Map<number, AcknowledgedEntry>();

  /**
   * @param session which time it is that writers have sessions with this member: a member that was away in between may
   * come back with another history on a timeline of the same number, which is another term
   */
  add(entry: LedgerEntry, session: number): void {
    this.sent += 1;
    if (!isAcknowledged(entry)) return;
    this.acknowledged += 1;
    this.last.set(entry.writer, entry);
    if (entry.timeline === undefined) return;
    const { sentAt, acknowledgedAt, member, timeline } = entry;
    let term = this.open.get(member);
    if (!term || term.timeline !== timeline || term.session !== session) {
      term = {
        member,
        timeline,
        session,
        firstAcknowledgedAt: acknowledgedAt,
        lastAcknowledgedAt: acknowledgedAt,
        lastSentAt: sentAt,
        acknowledged: 0,
      };
      this.open.set(member, term);
      this.all.push(term);
    }
    term.acknowledged += 1;
    term.firstAcknowledgedAt = earlierOf(term.firstAcknowledgedAt, acknowledgedAt);
    term.lastAcknowledgedAt = laterOf(term.lastAcknowledgedAt, acknowledgedAt);
    term.lastSentAt = laterOf(term.lastSentAt, sentAt);
  }

  /** Terms of leaders as the writers saw them, by their first acknowledgement. */
  get terms(): LeaderTerm[] {
    return this.all
      .map(({ member, timeline, firstAcknowledgedAt, lastAcknowledgedAt, lastSentAt, acknowledged }) => {
        return { member, timeline, firstAcknowledgedAt, lastAcknowledgedAt, lastSentAt, acknowledged };
      })
      .sort((a, b) => compareMoments(a.firstAcknowledgedAt, b.firstAcknowledgedAt));
  }

  /** How many writers' last acknowledgement meets a condition. */
  writersWith(condition: (last: AcknowledgedEntry) => boolean): number {
    return [...this.last.values()].filter(condition).length;
  }

  /**
   * The first acknowledgement on any timeline after one.
   * @param since only terms that begin at this moment or later
   */
  firstAcknowledgedAfter(timeline: number, since?: string): string | undefined {
    return this.terms.find(
      (term) =>
        term.timeline > timeline && (since === undefined || compareMoments(term.firstAcknowledgedAt, since) >= 0),
    )?.firstAcknowledgedAt;
  }
}
