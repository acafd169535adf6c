import { Random } from '../run/random';
import { chooseCut } from './cut';

const steps = ['archive-tail', 'fence', 'restore', 'replay', 'lead', 'rejoin'];

describe('chooseCut', () => {
  test('a named step: as soon as it begins, and resumed', () => {
    expect(chooseCut({ at: 'fence' }, steps, new Random(1))).toEqual({
      at: 'fence',
      afterMs: 0,
      then: 'resume',
      force: false,
      anywhere: false,
    });
  });

  test('anywhere: one seed one moment, other seeds other steps, moments and ends', () => {
    const chosen = Array.from({ length: 60 }, (_, seed) => chooseCut({ at: 'anywhere' }, steps, new Random(seed)));
    expect(chosen).toEqual(
      Array.from({ length: 60 }, (_, seed) => chooseCut({ at: 'anywhere' }, steps, new Random(seed))),
    );
    expect(new Set(chosen.map(({ at }) => at))).toEqual(new Set(steps));
    expect(new Set(chosen.map(({ then }) => then))).toEqual(new Set(['resume', 'rollback']));
    expect(chosen.every(({ afterMs }) => afterMs > 0)).toBe(true);
    expect(new Set(chosen.map(({ afterMs }) => afterMs)).size).toBeGreaterThan(30);
  });

  test('a rollback › is killed where the cut says so, and in some of those that the seed chooses', () => {
    const at = (cut: Parameters<typeof chooseCut>[0], seed: number) => chooseCut(cut, steps, new Random(seed));
    expect(at({ at: 'fence', then: 'rollback' }, 1).rollbackKilled).toBeUndefined();
    expect(at({ at: 'fence', then: 'rollback', killRollback: true }, 1).rollbackKilled).toBeDefined();
    expect(at({ at: 'fence', then: 'resume', killRollback: true }, 1).rollbackKilled).toBeUndefined();
    const chosen = Array.from({ length: 60 }, (_, seed) => at({ at: 'anywhere' }, seed));
    const rollbacks = chosen.filter(({ then }) => then === 'rollback');
    const killed = rollbacks.flatMap(({ rollbackKilled }) => rollbackKilled ?? []);
    expect(killed.length).toBeGreaterThan(0);
    expect(killed.length).toBeLessThan(rollbacks.length);
    expect(new Set(killed.map(({ undo }) => undo)).size).toBeGreaterThan(1);
  });
});
