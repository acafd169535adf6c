/** The ledger's database: its own, so that the accident, and a DROP of the dataset's, cannot touch it. */
export const ledgerDatabase = 'ledger';

/**
 * What the writers write to. A ledger number (`seq`) is one transaction; it has `parts` rows, numbered from 1, so that a
 * transaction of which only some rows came back shows by itself.
 */
export const ledgerTables = [
  `CREATE TABLE ledger.entry (
     seq bigint NOT NULL, part smallint NOT NULL, parts smallint NOT NULL, writer integer NOT NULL,
     written timestamptz NOT NULL DEFAULT clock_timestamp(), PRIMARY KEY (seq, part))`,
  `CREATE TABLE ledger.probe (id text PRIMARY KEY, written timestamptz NOT NULL DEFAULT clock_timestamp())`,
] as const;
