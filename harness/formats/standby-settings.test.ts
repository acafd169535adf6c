import { highestSettings, parseStandbySettings } from './standby-settings';

// As pg_controldata of PostgreSQL 15 prints them.
const OUTPUT = `wal_log_hints setting:                on
max_connections setting:              100
max_worker_processes setting:         8
max_wal_senders setting:              16
max_prepared_xacts setting:           0
max_locks_per_xact setting:           64
track_commit_timestamp setting:       on
`;

describe('settings that a recovering server must have', () => {
  test('are read from pg_controldata, by the names of the settings', () => {
    expect(parseStandbySettings(OUTPUT)).toEqual({
      max_connections: 100,
      max_worker_processes: 8,
      max_wal_senders: 16,
      max_prepared_transactions: 0,
      max_locks_per_transaction: 64,
    });
    expect(parseStandbySettings('pg_controldata: error: could not open file')).toEqual({});
  });

  test('the highest of each counts; what nobody has is left out', () => {
    const own = parseStandbySettings(OUTPUT);
    const higher = { ...own, max_connections: 130, max_wal_senders: 12 };
    expect(highestSettings([own, higher, {}, { max_connections: 120, max_prepared_transactions: 10 }])).toEqual({
      ...own,
      max_connections: 130,
      max_prepared_transactions: 10,
    });
    expect(highestSettings([{}, { max_wal_senders: 0 }])).toEqual({ max_wal_senders: 0 });
    expect(highestSettings([])).toEqual({});
  });
});
