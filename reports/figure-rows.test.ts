import { figureLine, figureRows } from './figure-rows';

const failover = { lost: 0, abandoned: 599, lossBytes: 136_131, lossBoundBytes: 1_267_588 };
const row = (figures: Parameters<typeof figureRows>[0]) =>
  figureRows(figures).find(({ label }) => label === 'failover');

describe('what a failover left behind', () => {
  test('acknowledged writes lost, beside the bound', () => {
    expect(row(failover)?.value).toBe(
      '599 acknowledged writes lost; 132.9 KiB of WAL left behind, by nature at most 1.2 MiB',
    );
    expect(row({ ...failover, abandoned: 0 })?.value).toMatch(/^0 acknowledged writes lost; /);
  });

  test('not measured › no row', () => {
    expect(row({ lost: 0 })).toBeUndefined();
  });

  test('on one line › told beside what a recovery lost, where there is any', () => {
    expect(figureLine(failover)).toBe('0 lost, 599 left behind by a failover');
    expect(figureLine({ ...failover, abandoned: 0 })).toBe('0 lost');
  });
});
