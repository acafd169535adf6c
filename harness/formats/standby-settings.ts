/**
 * Settings that a recovering server must have at least as high as the server that wrote the WAL (PostgreSQL documentation,
 * 26.4.3 "Administrator's Overview"), with the names that pg_controldata has for them.
 */
const LINES = {
  max_connections: 'max_connections setting',
  max_worker_processes: 'max_worker_processes setting',
  max_wal_senders: 'max_wal_senders setting',
  max_prepared_transactions: 'max_prepared_xacts setting',
  max_locks_per_transaction: 'max_locks_per_xact setting',
} as const;

type StandbySetting = keyof typeof LINES;

/** The settings that the WAL asks for, as pg_control has them of a server at one moment. */
export type StandbySettings = Partial<Record<StandbySetting, number>>;

/** Reads them from the output of `LC_ALL=C pg_controldata`; a line that is not there is left out. */
export function parseStandbySettings(output: string): StandbySettings {
  const settings: StandbySettings = {};
  for (const [name, line] of Object.entries(LINES) as [StandbySetting, string][]) {
    const value = new RegExp(`^${line}:\\s*(\\d+)\\s*$`, 'm').exec(output)?.[1];
    if (value !== undefined) settings[name] = Number(value);
  }
  return settings;
}

/** The highest of each that anybody has. */
export function highestSettings(all: readonly StandbySettings[]): StandbySettings {
  const highest: StandbySettings = {};
  for (const name of Object.keys(LINES) as StandbySetting[]) {
    const values = all.flatMap((settings) => settings[name] ?? []);
    if (values.length > 0) highest[name] = Math.max(...values);
  }
  return highest;
}
