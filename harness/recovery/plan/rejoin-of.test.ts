import { parseTimelineHistory } from '../../formats/timeline-history';
import type { MemberFacts, PitrFacts } from './facts';
import { rejoinOf, type RejoinAsked } from './rejoin-of';
import { HISTORY_OF_3, sampleFacts, sampleMember } from './sample-facts';

const rows = parseTimelineHistory(3, HISTORY_OF_3).ancestors;
const big = '9000000000';

/** A member that follows the cluster on timeline 3, with all its WAL. */
const member = (change: Partial<MemberFacts> = {}): MemberFacts =>
  sampleMember('db3', {
    systemIdentifier: sampleFacts().systemIdentifier,
    timeline: 3,
    history: rows,
    oldestWal: '000000030000000000000006',
    clean: true,
    ...change,
  });
const asked = (change: Partial<RejoinAsked> = {}): RejoinAsked => ({
  request: { target: { kind: 'time', time: '2026-11-21 06:44:00+00', inclusive: true }, keepOld: false },
  backup: { bytes: big },
  history: { timeline: 3, ancestors: rows },
  newTimeline: 4,
  segments: ['000000030000000000000009', '00000003000000000000000A'],
  ...change,
});
const of = (change: Partial<MemberFacts> = {}, ask: Partial<RejoinAsked> = {}, facts: Partial<PitrFacts> = {}) =>
  rejoinOf(member(change), sampleFacts(facts), asked(ask));
const request = asked().request;

describe('how a member comes back', () => {
  test('it follows the cluster, and the data is big › rewound', () => {
    expect(of()).toMatchObject({ member: 'db3', rejoin: 'rewind' });
  });

  test('the data is small › copied, for that is no slower', () => {
    expect(of({}, { backup: { bytes: '27219030' } })).toMatchObject({
      rejoin: 'copy',
      reason: expect.stringContaining('27 MB') as string,
    });
  });

  test('asked for › as asked, where the rules hold', () => {
    expect(of({}, { request: { ...request, rejoin: 'copy' } }).rejoin).toBe('copy');
    const small = { backup: { bytes: '27219030' } };
    expect(of({}, { ...small, request: { ...request, rejoin: 'rewind' } }).rejoin).toBe('rewind');
  });

  test('its old data is to be kept › copied', () => {
    expect(of({}, { request: { ...request, keepOld: true } }).rejoin).toBe('copy');
  });

  test('one of the two is enough: checksums, wal_log_hints', () => {
    expect(of({}, {}, { dataChecksums: false }).rejoin).toBe('rewind');
    expect(of({}, {}, { walLogHints: false }).rejoin).toBe('rewind');
  });

  test.each<[string, Partial<MemberFacts>, Partial<RejoinAsked>, Partial<PitrFacts>, RegExp]>([
    [
      'neither checksums nor hints',
      {},
      {},
      { dataChecksums: false, walLogHints: false },
      /cannot tell what has changed/,
    ],
    ['files may be damaged', {}, { request: { ...request, target: { kind: 'latest' } } }, {}, /damaged/],
    ['unreadable', { systemIdentifier: undefined as never }, {}, {}, /could not be read/],
    ['no timeline known', { timeline: undefined as never }, {}, {}, /could not be read/],
    ['another system', { systemIdentifier: '7710510215079346230' }, {}, {}, /another system/],
    ['it crashed', { clean: false }, {}, {}, /crashed/],
    [
      'it bears the new number',
      { timeline: 4, history: [...rows, row(3)] },
      {},
      {},
      /timeline 4 is another branch.*no rewind/,
    ],
    ["it bears the number of Patroni's start", { timeline: 5, history: [...rows, row(3)] }, {}, {}, /timeline 5 is/],
    ['it came through the new number', { timeline: 6, history: [...rows, row(3), row(4)] }, {}, {}, /timeline 4 is/],
    ['no history', { history: undefined as never }, {}, {}, /history of its timeline 3 could not be read/],
    [
      'another branch of the same number',
      { history: [rows[0]!, { ...rows[1]!, endLsn: '0/6000100' }] },
      {},
      {},
      /different branches that share a number/,
    ],
    [
      'the same place, another reason',
      { history: [rows[0]!, { ...rows[1]!, reason: 'before transaction 800' }] },
      {},
      {},
      /different branches that share a number/,
    ],
    ['its WAL begins too late', { oldestWal: '00000003000000000000000B' }, {}, {}, /oldest WAL is .*0B, later/],
    ['its WAL is not known', { oldestWal: undefined as never }, {}, {}, /what WAL it holds is not known/],
  ])('%s › copied, also where a rewind was asked for', (_, change, ask, facts, reason) => {
    for (const rejoin of [undefined, 'rewind'] as const) {
      const base = { ...request, ...ask.request };
      const found = of(change, { ...ask, request: rejoin ? { ...base, rejoin } : base }, facts);
      expect(found.rejoin).toBe('copy');
      expect(found.reason).toMatch(reason);
    }
  });

  test('back to a timeline that was left: a member on the later one › rewound', () => {
    const found = of(
      {},
      { history: { timeline: 2, ancestors: rows.slice(0, 1) }, segments: ['000000020000000000000006'], newTimeline: 4 },
    );
    expect(found.rejoin).toBe('rewind');
  });
});

function row(timeline: number) {
  return { timeline, endLsn: '0/A000000', reason: 'no recovery target specified' };
}
