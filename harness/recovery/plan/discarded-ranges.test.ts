import type { TimelineHistory } from '../../formats/timeline-history';
import { discardedRanges } from './discarded-ranges';

const history = (timeline: number, ...left: [number, string][]): TimelineHistory => ({
  timeline,
  ancestors: left.map(([number, endLsn]) => ({ timeline: number, endLsn, reason: '' })),
});

describe('what a recovery leaves out', () => {
  test('of the timeline that it branched from, all behind the branch', () => {
    expect(discardedRanges(history(1), history(2, [1, '0/5000100']))).toEqual([{ timeline: 1, from: '0/5000100' }]);
  });

  test('of an earlier one: its rest up to where the old history left it, and all of the later', () => {
    expect(discardedRanges(history(2, [1, '0/6000000']), history(3, [1, '0/5000100']))).toEqual([
      { timeline: 1, from: '0/5000100', to: '0/6000000' },
      { timeline: 2, from: '0/6000000' },
    ]);
  });

  test('onto a timeline that an earlier recovery abandoned: what was made since', () => {
    expect(discardedRanges(history(2, [1, '0/5000000']), history(3, [1, '0/6000000']))).toEqual([
      { timeline: 2, from: '0/5000000' },
    ]);
  });

  test('two branches of one number are not taken for one', () => {
    expect(discardedRanges(history(2, [1, '0/5000000']), history(3, [1, '0/4000000'], [2, '0/6000000']))).toEqual([
      { timeline: 1, from: '0/4000000', to: '0/5000000' },
      { timeline: 2, from: '0/5000000' },
    ]);
  });
});
