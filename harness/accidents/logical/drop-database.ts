import { escapeIdentifier } from 'pg';
import { z } from 'zod';
import { databaseDropNote, findDatabaseDrop } from '../../operations/database-drop';
import { markTable } from '../../record/incident';
import { nowText } from '../../run/recorder';
import { limited } from '../../run/until';
import { dealing, type Accident } from '../accident';
import { captureMoment } from '../moment';
import { logicalKind } from './logical-kind';
import { givenText, invalid } from './names';

interface DropDatabaseOptions {
  /** Default: the dataset's. */
  database?: string;
  /** Ends the sessions in it first. Default true; without, PostgreSQL refuses while there are any. */
  force?: boolean;
}

/** Databases that a run itself works in: the ledger is what tells whether anything was lost. */
const OWN = new Set(['postgres', 'template0', 'template1', markTable.database]);

/**
 * `DROP DATABASE … WITH (FORCE)`, through the leader. The ledger's database stays, and so do its writers' sessions.
 *
 * No recovery to a time or a transaction undoes it: recovery stops at commits, and the files are removed by a record
 * before the drop's own. Its place is noted for `beforeDatabaseDrop()`.
 *
 * Proof: the database was there, and afterwards neither its row nor its directory is.
 * @throws PGDRILL_DRILL_INVALID when the database is one that the run itself works in
 */
export function dropDatabase(options: DropDatabaseOptions = {}): Accident {
  if (options.database !== undefined) refuseOwn(givenText('dropDatabase', 'database', options.database));
  return {
    name: 'drop-database',
    title: `DROP DATABASE ${options.database ?? 'of the dataset'}`,
    async strike(context) {
      const { run, cluster, database: datasets } = context;
      const database = options.database ?? datasets;
      refuseOwn(database);
      const leader = await cluster.leader();
      const client = await leader.connect();
      try {
        return await limited('dataset loaded', run, async () => {
          const { rows } = await client.query<{ oid: string; directory: string; size: string }>(
            `SELECT oid::text, 'base/' || oid AS directory, pg_size_pretty(pg_database_size(oid)) AS size
               FROM pg_database WHERE datname = $1`,
            [database],
          );
          const before = await captureMoment(client);
          const sql = `DROP DATABASE ${escapeIdentifier(database)}${options.force === false ? '' : ' WITH (FORCE)'}`;
          await dealing(context)(() => client.query(sql));
          const struckAt = nowText();
          const { oid, directory, size } = rows[0]!;
          const left = await client.query<{ named: boolean; files: boolean }>(
            `SELECT EXISTS (SELECT FROM pg_database WHERE oid = $1 OR datname = $2) AS named,
                    pg_stat_file($3, true) IS NOT NULL AS files`,
            [oid, database, directory],
          );
          const { named, files } = left.rows[0]!;
          const drop = await findDatabaseDrop(leader, oid, before);
          const title = `DROP DATABASE ${database}`;
          return {
            accident: 'drop-database',
            title,
            member: leader.name,
            before,
            struckAt,
            xid: drop.xid,
            noted: { [databaseDropNote]: drop.begin },
            proof: {
              took: !named && !files,
              expected: `${database} dropped, ${size} in ${directory}`,
              found: `${named ? 'still there' : 'no such database'}, ${files ? 'its files too' : 'no files'}; dropped from ${drop.begin} to ${drop.lsn}`,
            },
          };
        });
      } finally {
        await client.end().catch(() => undefined);
      }
    },
  };
}

function refuseOwn(database: string): void {
  if (!OWN.has(database)) return;
  throw invalid(
    'dropDatabase',
    `${database} is what the run itself works in`,
    'drop the dataset’s, or one of your own',
  );
}

/** The same by hand: `pgdrill break drop-database`. */
export const dropDatabaseKind = logicalKind({
  name: 'drop-database',
  title: 'database dropped',
  does: '`DROP DATABASE … WITH (FORCE)`, through the leader. No recovery to a time or a transaction undoes it, but one to the place of its record in the WAL, which is noted.',
  options: z.object({
    name: z.string().optional().describe('which; default that of `--database`'),
  }),
  proof: 'the database was there, and afterwards neither its row nor its directory is',
  make: ({ name }) => dropDatabase(name === undefined ? {} : { database: name }),
});
