import { microsTime } from '../formats/timestamptz';
import type { LeaderTerm } from '../record/ledger';
import type { RolesEvidence } from '../record/roles';

/**
 * Whether two terms show two members that took writes at once.
 *
 * A write is taken somewhere between the moment it was sent and the moment it was acknowledged, both by the one clock of
 * the drill's process; where in between nobody knows. So an acknowledgement proves a write taken by then, and a write
 * sent later and acknowledged proves one taken after. A term is one stretch of leading, for every promotion begins a
 * timeline of its own. Two terms that followed each other can be told in one order or in the other; two writers are proven
 * when neither order fits: each took a write after the other had. A late answer of an old leader fits (it was sent before
 * the new one acknowledged anything); a write sent to the old leader after that, and acknowledged, does not.
 */
export function tookWritesAtOnce(one: LeaderTerm, other: LeaderTerm): boolean {
  return one.member !== other.member && tookAfter(one, other) && tookAfter(other, one);
}

/** Whether one certainly took a write after the other had taken one. */
function tookAfter(one: LeaderTerm, other: LeaderTerm): boolean {
  return microsTime(one.lastSentAt) > microsTime(other.firstAcknowledgedAt);
}

/** Every pair of terms that were two writers at once, the one that acknowledged first at the front. */
export function writersAtOnce(terms: readonly LeaderTerm[]): [LeaderTerm, LeaderTerm][] {
  const ordered = inOrder(terms);
  return ordered.flatMap((one, index) =>
    ordered
      .slice(index + 1)
      .filter((other) => tookWritesAtOnce(one, other))
      .map((other): [LeaderTerm, LeaderTerm] => [one, other]),
  );
}

/** Terms in the order of their first acknowledgement. */
export function inOrder(terms: readonly LeaderTerm[]): LeaderTerm[] {
  const first = ({ firstAcknowledgedAt }: LeaderTerm) => microsTime(firstAcknowledgedAt);
  return [...terms].sort((a, b) => (first(a) < first(b) ? -1 : first(a) > first(b) ? 1 : 0));
}

/**
 * Whether the member of a term held the leader key at some time of it: `unseen` when only a time in which etcd was not
 * watched could tell.
 *
 * Some time, not all of it: the key is a lease. It stays for up to Patroni's `ttl` after its holder has died or frozen,
 * and it is gone while PostgreSQL still takes writes where Patroni alone was killed, or where the holder wakes after
 * more than `ttl`. Whether the latter did harm is told by the acknowledgements, not by the key.
 *
 * Some time that was watched: a term that began with the key and went on through a gap is held, for it is one stretch of
 * leading. One that began and ended within a gap is not, though the key named its member before: in failsafe mode, or from a
 * store begun anew, anybody may have led then. Only a change that was told after the gap reaches back into it.
 */
export function keyHeld(term: LeaderTerm, roles: RolesEvidence): 'held' | 'not held' | 'unseen' {
  const during: Span = [microsTime(term.firstAcknowledgedAt), microsTime(term.lastAcknowledgedAt)];
  const gaps = roles.gaps.map(({ from, to }): Span => [microsTime(from), microsTime(to ?? roles.to)]);
  const held = roles.leaderKey.some(({ at, member, notBefore }, index) => {
    if (member !== term.member) return false;
    const known: Span = [microsTime(at), microsTime(roles.leaderKey[index + 1]?.at ?? roles.to)];
    const told: Span[] = notBefore === undefined ? [] : [[microsTime(notBefore), known[0]]];
    return [...told, ...without(known, gaps)].some((span) => meet(during, span));
  });
  if (held) return 'held';
  const watched: Span = [microsTime(roles.from), microsTime(roles.to)];
  const outside = during[0] < watched[0] || during[1] > watched[1];
  return outside || gaps.some((gap) => meet(during, gap)) ? 'unseen' : 'not held';
}

type Span = readonly [from: bigint, to: bigint];

function meet(one: Span, other: Span): boolean {
  return one[0] <= other[1] && other[0] <= one[1];
}

/** What is left of a span. Where a gap begins was still watched; where it ends, the next change may have been told. */
function without(span: Span, gaps: readonly Span[]): Span[] {
  return gaps.reduce<Span[]>(
    (left, gap) =>
      left.flatMap((part) => {
        if (!meet(part, gap)) return [part];
        const before: Span[] = part[0] <= gap[0] ? [[part[0], gap[0]]] : [];
        const after: Span[] = gap[1] < part[1] ? [[gap[1], part[1]]] : [];
        return [...before, ...after];
      }),
    [span],
  );
}
