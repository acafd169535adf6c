import { readFileSync } from 'node:fs';
import path from 'node:path';
import { packageRoot } from '../../bin/machine/root.cjs';
import { detectionSigns } from '../../reports/detection-cells';
import { faults } from '../drill/detect/faults';
import { detectors } from '../observe/detectors';
import { expectedDetections } from '../observe/detectors/expected';
import { expectedOutcome } from '../record/detection';

const page = readFileSync(path.join(packageRoot(), 'docs/detection.md'), 'utf8');
const block = /<!-- generated: matrix -->\n([\s\S]*?)\n<!-- end -->/.exec(page)?.[1] ?? '';
const rows = block.split('\n').map((line) => line.split('|').map((cell) => cell.trim()));
const [, , ...heads] = rows.find(([, first]) => first === 'fault') ?? [];
/** By fault: the sign in each column. */
const matrix = new Map(
  rows.flatMap(([, first, ...signs]): [string, string[]][] => {
    const fault = /^`([a-z-]+)`$/.exec(first ?? '')?.[1];
    return fault === undefined ? [] : [[fault, signs.slice(0, -1)]];
  }),
);

describe('docs/detection.md', () => {
  test('has a column for every detector, and a row for every fault, as they are asked and strike', () => {
    expect(heads.slice(0, -1)).toEqual(detectors.map(({ head }) => head));
    expect([...matrix.keys()]).toEqual(faults.map(({ name }) => name));
  });

  test.each(faults.map(({ name }) => name))('%s › is what pgdrill detect expects', (fault) => {
    const expected = expectedDetections[fault] ?? { noticed: [] };
    const signs = matrix.get(fault) ?? [];
    const differences = detectors.flatMap(({ name }, index) => {
      const outcome = expectedOutcome(expected, name);
      return outcome === undefined || signs[index] === detectionSigns[outcome] ? [] : [`${name} ${signs[index]}`];
    });
    expect(differences).toEqual([]);
  });

  test('gives the words of every fault', () => {
    for (const { name } of faults) expect(block).toContain(`### ${name}\n`);
  });
});
