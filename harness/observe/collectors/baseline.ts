import type { Cluster } from '../../cluster/cluster';
import type { PatroniNode } from '../../cluster/patroni-node';
import type { Baseline } from '../../record/fingerprint';
import { limited, throwIfInterrupted, type WaitContext } from '../../run/until';
import { ledgerDatabase } from '../ledger/table';
import { collectContent, type ContentOptions, type ReadContent } from './content';
import { makeReadingExtensions } from './extensions';
import type { Sampling } from './fingerprints';
import { faultOf } from './reading-error';
import { KeptRows } from './row-digests';
import { makeStoredDigests } from './stored-digest';

/** Rows of a table up to which each row's digest is kept, so that a difference can be narrowed to rows. */
const KEPT_ROWS = 200_000;

/** How often a database is read again that something was in the way of: a recovery conflict, a lock, a restart. */
const ATTEMPTS = 4;

/** The baseline, and what a difference from it is narrowed with. */
export interface TakenBaseline {
  baseline: Baseline;
  /** The catalogue's lines of each database, of which its `schema` is the digest. */
  schemaLines: ReadonlyMap<string, readonly string[]>;
  rows: KeptRows;
}

export interface BaselineOptions extends Sampling {
  /** File of the run's folder in which rows' digests are kept. */
  rowsFile: string;
}

/** Every database that takes connections. */
export async function listDatabases(node: PatroniNode): Promise<string[]> {
  const rows = await node.query<{ datname: string }>(
    'SELECT datname FROM pg_database WHERE datallowconn AND NOT datistemplate ORDER BY 1',
  );
  return rows.map((row) => row.datname);
}

/**
 * The content before the accident, from the leader: dataset tables are written by the accident only, so what is there
 * now is what has to be there at the target. The ledger's own database is judged by row, not here.
 *
 * Makes first what reads a database in full (extensions.ts, stored-digest.ts), in every database: what is made after the
 * target would not come back.
 */
export async function takeBaseline(
  context: WaitContext,
  cluster: Cluster,
  options: BaselineOptions,
): Promise<TakenBaseline> {
  const leader = await cluster.leader();
  const databases = (await listDatabases(leader)).filter((name) => name !== ledgerDatabase);
  await Promise.all(
    databases.map(async (database) => {
      await makeReadingExtensions(leader, database);
      await makeStoredDigests(leader, database);
    }),
  );
  return readBaseline(context, leader, databases, options);
}

/** The content of databases as they are: nothing is made in them, so that digests may have to be taken of text. */
export async function readBaseline(
  context: WaitContext,
  leader: PatroniNode,
  databases: readonly string[],
  options: BaselineOptions,
): Promise<TakenBaseline> {
  const rows = new KeptRows(options.rowsFile, KEPT_ROWS);
  const baseline: Baseline = { databases: {}, takenOn: leader.name };
  const schemaLines = new Map<string, readonly string[]>();
  for (const database of databases) {
    const read = await readContent(context, leader, database, {
      ...options,
      table: async (client, table, found, stored) => {
        if (Number(found.rows) <= rows.limit) await rows.keep(client, database, table, stored);
      },
    });
    baseline.databases[database] = read.content;
    schemaLines.set(database, read.schemaLines);
  }
  return { baseline, schemaLines, rows };
}

/**
 * The content of one database of one member. On a standby replay may end a read ("canceling statement due to conflict
 * with recovery"): it is tried again.
 * @throws what the server says, when something stays in the way or it cannot be read
 */
export async function readContent(
  context: WaitContext,
  node: PatroniNode,
  database: string,
  options: ContentOptions = {},
): Promise<ReadContent> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await limited('evidence gathered', context, () => collectContent(() => node.connect(database), options));
    } catch (error) {
      throwIfInterrupted(context.signal);
      if (attempt === ATTEMPTS || faultOf(error) !== 'in the way') throw error;
    }
  }
}
