import { stepLists } from './step-lists';
import { prerequisites } from './step-order';

const cluster = { mode: 'cluster', fence: 'now', pause: false, alone: false, apart: true } as const;

function before(id: string, asked: Partial<Parameters<typeof stepLists>[0]> = {}): string[] {
  const steps: string[] = stepLists({ ...cluster, ...asked }).steps;
  return prerequisites(id, steps.slice(0, steps.indexOf(id)));
}

describe('order of the steps', () => {
  test('the others are fenced while the node leaves and its backup is restored; replay waits for all', () => {
    expect(before('isolate')).toEqual([]);
    expect(before('archive-tail')).toEqual([]);
    expect(before('fence')).toEqual(['archive-tail']);
    expect(before('restore')).toEqual(['isolate']);
    expect(before('replay')).toEqual(['isolate', 'archive-tail', 'fence', 'restore']);
  });

  test('fenced all together › the data is touched after the fence only', () => {
    expect(before('restore', { apart: false })).toEqual(['archive-tail', 'fence']);
  });

  test('fence at the cut-over › what the target needs is archived before the node leaves', () => {
    expect(before('isolate', { fence: 'cutover' })).toEqual(['archive-tail']);
    expect(before('restore', { fence: 'cutover' })).toEqual(['archive-tail', 'isolate']);
    expect(before('fence', { fence: 'cutover' })).toContain('check-there');
  });

  test('a step that comes before the node leaves › is waited for', () => {
    expect(prerequisites('archive-tail', ['unpause', 'isolate'])).toEqual(['unpause']);
    expect(prerequisites('restore', ['unpause', 'isolate', 'archive-tail', 'fence'])).toEqual(['unpause', 'isolate']);
  });

  test('Barman follows while members are brought back; the fresh backup, and the end, wait for them', () => {
    expect(before('rearm')).not.toContain('rejoin');
    expect(before('fresh-backup')).toEqual(expect.arrayContaining(['rejoin', 'rearm']));
    expect(before('tidy')).toEqual(expect.arrayContaining(['rejoin', 'fresh-backup']));
  });
});
