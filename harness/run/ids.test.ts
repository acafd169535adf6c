import { labels, newId } from './ids';

describe('ids', () => {
  test('sort by time, whatever their random part', () => {
    const moments = [
      '2026-01-02T03:04:05.999Z',
      '2026-01-02T03:04:06.000Z',
      '2026-01-02T03:05:00Z',
      '2026-01-02T10:00:00Z',
      '2026-02-01T00:00:00Z',
      '2027-01-01T00:00:00Z',
    ];
    const ids = moments.map((moment) => newId(new Date(moment)));
    expect([...ids].sort()).toEqual(ids);
    expect(ids[0]).toMatch(/^20260102t030405-[0-9a-f]{6}$/);
  });

  test('of one moment › differ', () => {
    const now = new Date('2026-01-02T03:04:05Z');
    expect(new Set(Array.from({ length: 50 }, () => newId(now))).size).toBe(50);
  });

  test('are fit for names of containers and hosts', () => {
    expect(newId()).toMatch(/^[a-z0-9][a-z0-9-]{1,62}$/);
  });
});

describe('labels', () => {
  test('are all of pgdrill, each once', () => {
    const names = Object.values(labels);
    expect(names.every((name) => name.startsWith('pgdrill.'))).toBe(true);
    expect(new Set(names).size).toBe(names.length);
  });
});
