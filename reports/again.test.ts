import { againCommand } from './again';

describe('the command that makes the same run again', () => {
  test('the drill with its seed, and what changes the run; nothing else', () => {
    const args = ['run', 'pitr', '--json', '--nodes', '2', '--deep', '--deadline-scale=3'];
    expect(againCommand('time-zone', 7, args)).toBe(
      'pgdrill run time-zone --nodes 2 --deep --deadline-scale 3 --seed 7',
    );
  });

  test('a drill of one’s own › by its path', () => {
    expect(againCommand('mine', 7, ['run', './my drills/mine.drill.ts'])).toBe(
      "pgdrill run './my drills/mine.drill.ts' --seed 7",
    );
  });

  test('a random walk › as long as it was', () => {
    expect(againCommand('random-walk', 42, ['chaos', '--for', '10m', '--keep'])).toBe(
      'pgdrill chaos --for 10m --seed 42',
    );
    expect(againCommand('random-walk', 42, ['run', 'random-walk'])).toBe('pgdrill run random-walk --seed 42');
  });

  test('detect › with its faults and detectors', () => {
    const args = ['detect', 'heap-page-*', 'index-leaf', '--detectors', 'select', '--seed', '3', '-v'];
    expect(againCommand('detect', 7, args)).toBe("pgdrill detect 'heap-page-*' index-leaf --detectors select --seed 7");
    expect(againCommand('detect', 7, ['detect', '--json'])).toBe('pgdrill detect --seed 7');
  });
});
