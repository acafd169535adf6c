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
});
