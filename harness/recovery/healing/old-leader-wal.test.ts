import { bytesFrom, endOf, lossSettings, segmentsFrom, writtenWithin } from './old-leader-wal';

const MB16 = 16 * 1024 * 1024;
const file = (name: string) => `${name} ${MB16}\n`;

describe('segments of the old leader', () => {
  const listing = [
    file('000000010000000000000003'),
    file('000000010000000000000005'),
    file('000000010000000000000004'),
    file('000000010000000000000007'),
    file('000000020000000000000005'),
    '00000002.history 41\n',
    '000000010000000000000004.00000028.backup 338\n',
  ].join('');

  test('its timeline only, in order, from the backup on, up to the first gap', () => {
    expect(segmentsFrom(listing, 1, '0/4000028')).toEqual(['000000010000000000000004', '000000010000000000000005']);
    expect(segmentsFrom(listing, 2, '0/4000028')).toEqual(['000000020000000000000005']);
  });

  test('none › none', () => {
    expect(segmentsFrom('', 1, '0/4000028')).toEqual([]);
    expect(segmentsFrom(listing, 1, '1/0')).toEqual([]);
  });
});

describe('end of its WAL', () => {
  const records = [{ lsn: '0/5000100', bytes: 50 }];
  const bad = { kind: 'bad-record', lastLsn: '0/5000200', reason: '', unwritten: true } as const;

  test('where the reader gave up; where it does not say, the last record', () => {
    expect(endOf({ ...bad, atLsn: '0/5000238' }, records)).toBe('0/5000238');
    expect(endOf({ ...bad, atLsn: null }, records)).toBe('0/5000200');
    expect(endOf(null, records)).toBe('0/5000100');
    expect(endOf({ kind: 'no-record', afterLsn: '0/5000000' }, [])).toBeUndefined();
  });
});

describe('bytes written', () => {
  // A segment is switched between the fourth second and the fifth: its empty rest is no record.
  const records = [1, 2, 3, 4, 5].flatMap((second) => {
    const lsn = (offset: string) => `0/${second < 5 ? 5 : 6}000${second}${offset}`;
    return [
      { lsn: lsn('00'), bytes: 100 },
      { lsn: lsn('80'), bytes: 10, micros: BigInt(second) * 1_000_000n },
    ];
  });

  test('from an LSN on, without what a switch of segments leaves empty', () => {
    expect(bytesFrom(records, '0/5000300')).toBe(330);
    expect(bytesFrom(records, '0/5000380')).toBe(230);
    expect(bytesFrom(records, '0/7000000')).toBe(0);
  });

  test('within a time, from the first transaction that ended in it', () => {
    expect(writtenWithin(records, 2000)).toBe(10 + 2 * 110);
    expect(writtenWithin(records, 60_000)).toBe(10 + 4 * 110);
    expect(writtenWithin([{ lsn: '0/5000100', bytes: 50 }], 2000)).toBe(0);
  });
});

test.each([
  ['{}', { mode: 'asynchronous', maximumLag: '1048576', ttlMs: 30_000 }],
  [
    '{"ttl": 20, "maximum_lag_on_failover": 5, "synchronous_mode": true}',
    { mode: 'synchronous', maximumLag: '5', ttlMs: 20_000 },
  ],
  ['{"synchronous_mode": "quorum"}', { mode: 'synchronous', maximumLag: '1048576', ttlMs: 30_000 }],
  ['{"synchronous_mode": "off"}', { mode: 'asynchronous', maximumLag: '1048576', ttlMs: 30_000 }],
])('settings › %s', (config, settings) => expect(lossSettings(config)).toEqual(settings));
