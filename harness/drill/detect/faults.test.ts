import { detectors } from '../../observe/detectors';
import { expectedDetections } from '../../observe/detectors/expected';
import { accidentOf } from './fault';
import { faults } from './faults';

describe('the list of faults', () => {
  test('names are words joined by hyphens, each once', () => {
    expect(new Set(faults.map(({ name }) => name)).size).toBe(faults.length);
    for (const { name } of faults) expect(name).toMatch(/^[a-z]+(-[a-z]+)*$/);
  });

  test.each(faults.map((fault) => [fault.name, fault] as const))(
    '%s › its accident takes its options',
    (_name, fault) => {
      const { kind } = accidentOf(fault);
      if (fault.on !== undefined) expect(kind.strikes).toContain(fault.on);
      // What nothing undoes needs a cure, but for the last one.
      if (!kind.undo && fault !== faults.at(-1)) expect(fault.cure).toBeDefined();
    },
  );

  test('is as large as was promised', () => {
    expect(faults.length).toBeGreaterThanOrEqual(14);
    expect(detectors.length).toBeGreaterThanOrEqual(10);
  });
});

describe('who is expected to notice what', () => {
  test('every fault has its row, and no other is there', () => {
    expect(Object.keys(expectedDetections)).toEqual(faults.map(({ name }) => name));
  });

  test.each(Object.entries(expectedDetections))('%s › names detectors that there are', (_fault, row) => {
    const known = detectors.map(({ name }) => name);
    const named = [...row.noticed, ...(row.notAsked ?? []), ...Object.keys(row.either ?? {})];
    expect(named.filter((name) => !known.includes(name))).toEqual([]);
    expect(new Set(named).size).toBe(named.length);
  });
});
