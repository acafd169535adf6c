import type { LeaderTerm } from '../record/ledger';
import type { RolesEvidence } from '../record/roles';
import { keyHeld, tookWritesAtOnce, writersAtOnce } from './leader-terms';

const at = (seconds: number): string => `2026-11-21 05:00:${seconds.toFixed(6).padStart(9, '0')}+00`;
/** A term by seconds: first acknowledgement, last sending of an acknowledged write, last acknowledgement. */
const term = (member: string, timeline: number, first: number, sent: number, last = sent + 0.01): LeaderTerm => ({
  member,
  timeline,
  firstAcknowledgedAt: at(first),
  lastSentAt: at(sent),
  lastAcknowledgedAt: at(Math.max(first, last)),
  acknowledged: 100,
});

describe('two writers at once', () => {
  test.each<[string, boolean, LeaderTerm, LeaderTerm]>([
    ['one after the other, with a time without a leader', false, term('db1', 1, 1, 10), term('db2', 2, 30, 40)],
    ['one after the other, the same instant', false, term('db1', 1, 1, 10), term('db2', 2, 10, 20)],
    [
      'a late answer of the old leader, sent before the new one began',
      false,
      term('db1', 1, 1, 10, 35),
      term('db2', 2, 30, 40),
    ],
    [
      'sent to the old leader after the new one had acknowledged',
      true,
      term('db1', 1, 1, 30.5),
      term('db2', 2, 30, 40),
    ],
    ['sent one microsecond after it', true, term('db1', 1, 1, 30.000001), term('db2', 2, 30, 40)],
    ['sent at the very microsecond: in between nobody knows', false, term('db1', 1, 1, 30), term('db2', 2, 30, 40)],
    ['side by side all the time', true, term('db1', 1, 1, 40), term('db2', 2, 1, 40)],
    ['a single write of another member in the middle of a term', true, term('db1', 1, 1, 40), term('db2', 2, 20.1, 20)],
    ['two single writes whose answers cross: either order fits', false, term('db1', 1, 20, 10), term('db2', 2, 22, 12)],
    ['the only write of the old leader, answered late', false, term('db1', 1, 35, 10), term('db2', 2, 30, 40)],
    [
      'the old leader’s first answer comes after the new one’s, and more were sent then',
      true,
      term('db1', 1, 31, 32),
      term('db2', 2, 30, 40),
    ],
    [
      'the higher timeline first: an older branch that came back later is another order, not two at once',
      false,
      term('db2', 2, 1, 10),
      term('db1', 1, 30, 40),
    ],
    ['one member on two timelines is one writer', false, term('db1', 1, 1, 40), term('db1', 2, 10, 40)],
  ])('%s › %s', (_name, expected, one, other) => {
    expect(tookWritesAtOnce(one, other)).toBe(expected);
    expect(tookWritesAtOnce(other, one)).toBe(expected);
  });

  test('pairs › each once, the one that acknowledged first at the front', () => {
    const [one, two, three] = [term('db1', 1, 1, 50), term('db2', 2, 20, 59), term('db3', 3, 55, 58)] as const;
    expect(writersAtOnce([three, two, one])).toEqual([
      [one, two],
      [two, three],
    ]);
    expect(writersAtOnce([])).toEqual([]);
  });
});

describe('the leader key during a term', () => {
  const watched = (leaderKey: RolesEvidence['leaderKey'], gaps: RolesEvidence['gaps'] = []): RolesEvidence => ({
    from: at(0),
    to: at(59),
    leaderKey,
    rest: [],
    gaps,
  });
  const key = (seconds: number, member?: string) => ({ at: at(seconds), ...(member === undefined ? {} : { member }) });
  const turn = [key(0, 'db1'), key(15), key(20, 'db2')];

  test.each<[string, ReturnType<typeof keyHeld>, LeaderTerm, RolesEvidence]>([
    ['held all the time', 'held', term('db1', 1, 1, 10), watched(turn)],
    ['lost before the last acknowledgement', 'held', term('db1', 1, 1, 18), watched(turn)],
    ['held to the end of the watch', 'held', term('db2', 2, 58, 58), watched(turn)],
    ['never', 'not held', term('db3', 2, 21, 30), watched(turn)],
    ['held, but only before', 'not held', term('db1', 1, 16, 18), watched(turn)],
    ['held, but only afterwards', 'not held', term('db2', 2, 16, 18), watched(turn)],
    [
      'a gap elsewhere is no excuse',
      'not held',
      term('db3', 2, 21, 30),
      watched(turn, [{ from: at(40), to: at(45), why: '' }]),
    ],
    ['a gap within the term', 'unseen', term('db3', 2, 21, 30), watched(turn, [{ from: at(29), to: at(45), why: '' }])],
    ['a gap without an end', 'unseen', term('db3', 2, 41, 50), watched(turn, [{ from: at(40), why: '' }])],
    [
      'told after the gap in which it may have happened',
      'held',
      term('db2', 2, 16, 18),
      watched([key(0, 'db1'), { ...key(20, 'db2'), notBefore: at(14) }], [{ from: at(14), to: at(20), why: '' }]),
    ],
    [
      'before the watch began',
      'unseen',
      { ...term('db3', 1, 1, 2), firstAcknowledgedAt: '2026-11-21 04:59:59.000000+00' },
      watched(turn),
    ],
    [
      'begun with the key, gone on through a gap',
      'held',
      term('db1', 1, 1, 12),
      watched([key(0, 'db1')], [{ from: at(10), to: at(20), why: '' }]),
    ],
    [
      'begun with the key, gone on through a gap without an end',
      'held',
      term('db1', 1, 1, 50),
      watched([key(0, 'db1')], [{ from: at(10), why: '' }]),
    ],
    [
      'begun and ended within a gap, by the member that the key named before and after it',
      'unseen',
      term('db1', 2, 12, 18),
      watched([key(0, 'db1')], [{ from: at(10), to: at(20), why: '' }]),
    ],
    [
      'begun within a gap without an end, by the member that the key named before it',
      'unseen',
      term('db1', 2, 12, 18),
      watched([key(0, 'db1')], [{ from: at(10), why: '' }]),
    ],
    [
      'begun within a gap, and the key names its member when it is watched again',
      'held',
      term('db1', 2, 12, 30),
      watched([key(0, 'db1')], [{ from: at(10), to: at(20), why: '' }]),
    ],
    [
      'begun within a gap, and the key names another member when it is watched again',
      'unseen',
      term('db1', 2, 12, 30),
      watched([key(0, 'db1'), { ...key(20, 'db2'), notBefore: at(10) }], [{ from: at(10), to: at(20), why: '' }]),
    ],
    [
      'begun between two gaps, while the key was watched',
      'held',
      term('db1', 1, 22, 40),
      watched(
        [key(0, 'db1')],
        [
          { from: at(10), to: at(20), why: '' },
          { from: at(30), to: at(50), why: '' },
        ],
      ),
    ],
    ['nothing was ever told', 'not held', term('db1', 1, 1, 10), watched([])],
  ])('%s › %s', (_name, expected, one, roles) => expect(keyHeld(one, roles)).toBe(expected));
});
