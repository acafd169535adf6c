import { raiseMode } from './raise-mode';
import { sampleModes, samplePlan } from './sample-journal';

const applied = samplePlan({ mode: 'apply', fence: 'none', ...sampleModes() });
const ids = (steps: readonly { id: string }[] = []) => steps.map(({ id }) => id);

describe('raiseMode', () => {
  test('to restore: up to the look at the isolated node, without a fence; the rest is left over', () => {
    const plan = raiseMode(applied, 'restore');
    expect(ids(plan.steps)).toEqual(['archive-tail', 'isolate', 'restore', 'replay', 'check-there']);
    expect(ids(plan.remaining)).toEqual(['fence', 'stop-isolated', 'lead']);
    expect([plan.mode, plan.fence]).toEqual(['restore', 'none']);
  });

  test('to cluster, at once or from restore: all steps, the fence at the cut-over', () => {
    const whole = ['archive-tail', 'isolate', 'restore', 'replay', 'check-there', 'fence', 'stop-isolated', 'lead'];
    for (const plan of [raiseMode(applied, 'cluster'), raiseMode(raiseMode(applied, 'restore'), 'cluster')]) {
      expect(ids(plan.steps)).toEqual(whole);
      expect([plan.mode, plan.fence, plan.remaining]).toEqual(['cluster', 'cutover', []]);
    }
  });

  test('the same mode changes nothing', () => expect(raiseMode(applied, 'apply')).toBe(applied));

  test.each([
    ['cluster', 'restore'],
    ['restore', 'apply'],
    ['files', 'cluster'],
  ] as const)('from %s to %s is refused', (from, to) => {
    expect(() => raiseMode({ ...applied, mode: from }, to)).toThrow(
      expect.objectContaining({ code: 'PGDRILL_MODE_LOWER' }),
    );
  });

  test('a plan that does not hold the further steps is refused', () => {
    expect(() => raiseMode({ ...applied, remaining: [] }, 'cluster')).toThrow(
      expect.objectContaining({ code: 'PGDRILL_STEP_UNKNOWN' }),
    );
  });
});
