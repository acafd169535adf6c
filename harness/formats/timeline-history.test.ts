import { FormatError } from './format-error';
import { parseHistoryReason } from './history-reason';
import { endsTimeline, parseTimelineHistory, sameBranch, segmentsNeeded, timelineOwning } from './timeline-history';

const MB = 1024 * 1024;
const ROOT = { timeline: 1, ancestors: [] };

// As PostgreSQL 15 wrote it: a recovery to a time, whose reason ends with a line break of its own, then a promotion.
const REAL = '1\t0/3018528\tbefore 2026-11-21 11:30:09.944711+05:30\n\n\n2\t0/3018988\tno recovery target specified\n';

function history(timeline: number, ...rows: [timeline: number, endLsn: string, reason?: string][]) {
  return parseTimelineHistory(
    timeline,
    rows.map(([tli, lsn, reason]) => `${tli}\t${lsn}\t${reason ?? 'x'}\n`).join('\n'),
  );
}

describe('timeline history › reading', () => {
  it('reads what PostgreSQL writes', () => {
    expect(parseTimelineHistory(3, REAL)).toEqual({
      timeline: 3,
      ancestors: [
        { timeline: 1, endLsn: '0/3018528', reason: 'before 2026-11-21 11:30:09.944711+05:30' },
        { timeline: 2, endLsn: '0/3018988', reason: 'no recovery target specified' },
      ],
    });
  });

  it('leaves out comments and blank lines, and takes a row without a reason', () => {
    expect(parseTimelineHistory(4, '# made by hand\n  \n 1 0/05000000\r\n\t# more\n3\t0/6000000\n')).toEqual({
      timeline: 4,
      ancestors: [
        { timeline: 1, endLsn: '0/5000000', reason: '' },
        { timeline: 3, endLsn: '0/6000000', reason: '' },
      ],
    });
  });

  it('takes an empty file for a timeline without parents', () => {
    expect(parseTimelineHistory(2, '')).toEqual({ timeline: 2, ancestors: [] });
  });

  it.each([
    ['no switch point', 3, '1\n'],
    ['no number', 3, 'one\t0/3000000\tx\n'],
    ['an unreadable switch point', 3, '1\t3000000\tx\n'],
    ['timelines out of order', 4, '2\t0/3000000\tx\n1\t0/4000000\tx\n'],
    ['a timeline twice', 4, '1\t0/3000000\tx\n1\t0/4000000\tx\n'],
    ['itself as a parent', 2, '2\t0/3000000\tx\n'],
    ['a parent of a higher number', 2, '3\t0/3000000\tx\n'],
    ['timeline 0', 2, '0\t0/3000000\tx\n'],
    ['switch points that go backwards', 4, '1\t0/5000000\tx\n2\t0/4000000\tx\n'],
  ])('refuses %s', (_what, timeline, text) => {
    expect(() => parseTimelineHistory(timeline, text)).toThrow(FormatError);
  });
});

describe('timeline history › reasons', () => {
  it.each([
    [
      'before 2026-11-21 11:30:09.944711+05:30',
      { kind: 'time', when: 'before', time: '2026-11-21 06:00:09.944711+00' },
    ],
    ['after transaction 728', { kind: 'xid', when: 'after', xid: '728' }],
    ['before transaction 732', { kind: 'xid', when: 'before', xid: '732' }],
    ['after LSN 0/3017FD8', { kind: 'lsn', when: 'after', lsn: '0/3017FD8' }],
    ['before LSN 0/30184C0\n', { kind: 'lsn', when: 'before', lsn: '0/30184C0' }],
    ['at restore point "rp "one""', { kind: 'name', name: 'rp "one"' }],
    ['reached consistency', { kind: 'immediate' }],
    ['no recovery target specified', { kind: 'none' }],
    ['before 2026-11-21 something', { kind: 'unknown', text: 'before 2026-11-21 something' }],
    ['', { kind: 'unknown', text: '' }],
  ])('reads %j', (text, expected) => {
    expect(parseHistoryReason(text)).toEqual(expected);
  });
});

describe('timeline history › ownership', () => {
  it.each([
    ['0/0', 1],
    ['0/3018527', 1],
    ['0/3018528', 2],
    ['0/3018987', 2],
    ['0/3018988', 3],
    ['F/0', 3],
  ])('%s is owned by timeline %d', (lsn, timeline) => {
    expect(timelineOwning(parseTimelineHistory(3, REAL), lsn)).toBe(timeline);
  });

  it('gives nothing to a timeline that was left where it began', () => {
    expect(timelineOwning(history(3, [1, '0/5000000'], [2, '0/5000000']), '0/5000000')).toBe(3);
  });
});

describe('timeline history › branches', () => {
  const left = history(2, [1, '0/5000000', 'before 2026-11-21 05:00:00+00']);
  it.each([
    ['the same rows', left, history(2, [1, '0/5000000', 'before 2026-11-21 05:00:00+00']), true],
    ['another switch point', left, history(2, [1, '0/5000028', 'before 2026-11-21 05:00:00+00']), false],
    ['another reason at the same LSN', left, history(2, [1, '0/5000000', 'no recovery target specified']), false],
    [
      'a parent and its child',
      left,
      history(3, [1, '0/5000000', 'before 2026-11-21 05:00:00+00'], [2, '0/6000000']),
      true,
    ],
    ['a child of the other timeline 2', left, history(3, [1, '0/4000000'], [2, '0/6000000']), false],
    ['a timeline 3 that never was on 2', left, history(3, [1, '0/5000000', 'before 2026-11-21 05:00:00+00']), false],
    ['timeline 1 and any child', ROOT, left, true],
    ['timeline 1 and a branch that skips it', ROOT, history(3, [2, '0/5000000']), false],
    ['a lost history and a known one', history(2), left, false],
  ])('%s', (_what, a, b, expected) => {
    expect(sameBranch(a, b)).toBe(expected);
    expect(sameBranch(b, a)).toBe(expected);
  });
});

describe('timeline history › segments needed', () => {
  const branched = history(4, [1, '0/3018528'], [2, '0/3018988'], [3, '1/800000']);

  it('takes each segment from its timeline, and one with switches from the newest in it', () => {
    expect(segmentsNeeded(branched, '0/2000028', '0/5000000', 16 * MB)).toEqual([
      '000000010000000000000002',
      '000000030000000000000003',
      '000000030000000000000004',
    ]);
    expect(segmentsNeeded(branched, '0/FF000000', '1/1000001', 16 * MB)).toEqual([
      '0000000300000000000000FF',
      '000000040000000100000000',
      '000000040000000100000001',
    ]);
  });

  it('gives the child the segment that begins exactly at the switch', () => {
    const latest = history(2, [1, '0/5000000', 'no recovery target specified']);
    expect(segmentsNeeded(latest, '0/4000000', '0/6000000', 16 * MB)).toEqual([
      '000000010000000000000004',
      '000000020000000000000005',
    ]);
  });

  it('depends on the segment size', () => {
    expect(segmentsNeeded(branched, '0/3000000', '0/3100000', MB)).toEqual(['000000030000000000000030']);
    expect(segmentsNeeded(branched, '0/2F00000', '0/3200000', MB)).toEqual([
      '00000001000000000000002F',
      '000000030000000000000030',
      '000000030000000000000031',
    ]);
    expect(segmentsNeeded(branched, '0/2F00000', '1/1', 1024 * MB)).toEqual([
      '000000030000000000000000',
      '000000030000000000000001',
      '000000030000000000000002',
      '000000030000000000000003',
      '000000040000000100000000',
    ]);
  });

  it('is a plain range on timeline 1', () => {
    expect(segmentsNeeded(ROOT, '0/2000028', '0/2000100', 16 * MB)).toEqual(['000000010000000000000002']);
    expect(segmentsNeeded(ROOT, '0/2000100', '0/2000100', 16 * MB)).toEqual([]);
  });
});

describe('timeline history › partial segments', () => {
  const promoted = history(2, [1, '0/3018528']);
  it.each([
    ['000000010000000000000003.partial', true],
    ['000000010000000000000004.partial', false],
    ['000000020000000000000003.partial', false],
  ])('%s as the end of a timeline: %s', (name, expected) => {
    expect(endsTimeline(promoted, name, 16 * MB)).toBe(expected);
  });

  it('refuses a complete segment', () => {
    expect(() => endsTimeline(promoted, '000000010000000000000003', 16 * MB)).toThrow(FormatError);
  });
});
