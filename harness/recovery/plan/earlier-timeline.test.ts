import type { RecoveryTarget } from '../../record/recovery';
import { earlierTimeline } from './earlier-timeline';
import { sampleFacts } from './sample-facts';

const lsn = (text: string): RecoveryTarget => ({ kind: 'lsn', lsn: text, inclusive: true });
const at = (time: string): RecoveryTarget => ({ kind: 'time', time, inclusive: true });
const before = (lsn: string) => ({
  lastBefore: [{ lsn: '0/60000A0', commit: { lsn, xid: '900', time: '2026-11-21 06:38:00+00', record: 'COMMIT' } }],
});

describe('timeline of a target', () => {
  test('an LSN › the one whose part of the WAL it lies in; the switch itself is the new one’s', () => {
    expect(earlierTimeline(lsn('0/60000A0'), sampleFacts(), 3)).toBeUndefined();
    expect(earlierTimeline(lsn('0/600009F'), sampleFacts(), 3)).toBe(2);
    expect(earlierTimeline(lsn('0/5000000'), sampleFacts(), 3)).toBe(1);
    expect(earlierTimeline(lsn('0/5000000'), sampleFacts(), 1)).toBeUndefined();
  });

  test('a time › the one of the last commit before the switch, where that is later than the target', () => {
    expect(earlierTimeline(at('2026-11-21 06:37:59+00'), sampleFacts(before('0/5FFFF00')), 3)).toBe(2);
    // Nothing was committed on timeline 2.
    expect(earlierTimeline(at('2026-11-21 06:37:59+00'), sampleFacts(before('0/5000100')), 3)).toBe(1);
    expect(earlierTimeline(at('2026-11-21 06:38:00+00'), sampleFacts(before('0/5FFFF00')), 3)).toBeUndefined();
    expect(earlierTimeline(at('2026-11-21 06:37:59+00'), sampleFacts(), 3)).toBeUndefined();
  });

  test('another kind of target › nothing tells', () => {
    expect(earlierTimeline({ kind: 'latest' }, sampleFacts(before('0/5FFFF00')), 3)).toBeUndefined();
  });
});
