import { mostWal, walEnd, type Stopped } from './most-wal';

const server = (given: Partial<Stopped> = {}): Stopped => ({
  state: 'shut down in recovery',
  timeline: 1,
  checkpointLsn: '0/3000060',
  minRecoveryEndLsn: '0/0',
  minRecoveryEndTimeline: 0,
  systemIdentifier: '7000000000000000000',
  ...given,
});

describe('the server with the most WAL', () => {
  test.each<[string, string | undefined, Record<string, Stopped>]>([
    ['none', undefined, {}],
    ['the higher place', 'db2', { db1: server(), db2: server({ minRecoveryEndLsn: '0/4000000' }) }],
    [
      'places are numbers, not text',
      'db2',
      { db1: server({ checkpointLsn: '0/F000060' }), db2: server({ checkpointLsn: '1/28' }) },
    ],
    [
      'a timeline goes before a place',
      'db2',
      {
        db1: server({ minRecoveryEndLsn: '0/9000000' }),
        db2: server({ minRecoveryEndLsn: '0/4000000', minRecoveryEndTimeline: 2 }),
      },
    ],
    [
      'the primary that was shut down goes before what has replayed the record of its checkpoint',
      'db3',
      {
        db1: server({ minRecoveryEndLsn: '0/50000D8' }),
        db3: server({ state: 'shut down', checkpointLsn: '0/5000060' }),
      },
    ],
    ['but not before a later timeline', 'db1', { db1: server({ timeline: 2 }), db3: server({ state: 'shut down' }) }],
    ['all alike: the first by name', 'db1', { db2: server(), db1: server() }],
  ])('%s', (_name, expected, servers) => expect(mostWal(servers)).toBe(expected));

  test('the end of its WAL › the later of checkpoint and recovery', () => {
    expect(walEnd(server({ minRecoveryEndLsn: '0/4000000', minRecoveryEndTimeline: 2 }))).toEqual({
      timeline: 2,
      lsn: '0/4000000',
    });
    expect(walEnd(server())).toEqual({ timeline: 1, lsn: '0/3000060' });
  });
});
