import { escapeIdentifier } from 'pg';
import { z } from 'zod';
import { noCommitRecord } from '../../operations/commit-mark';
import { parseWaldump } from '../../formats/waldump';
import { nowText } from '../../run/recorder';
import { limited } from '../../run/until';
import { dealing, type Accident } from '../accident';
import { captureMoment } from '../moment';
import { logicalKind } from './logical-kind';
import { givenText } from './names';

/** Under this name the accident notes where the drop begins. */
export const tablespaceDropNote = 'record of DROP TABLESPACE';

/**
 * `DROP TABLESPACE`, through the leader; PostgreSQL refuses one that is not empty.
 *
 * As with a database, no recovery to a time or a transaction undoes it: replay stops at the drop's own commit, and the
 * directory is removed by a record before it (tablespace.c, DropTableSpace). Its row is there then, and nothing can be made
 * in it: "could not create directory". The place of that record is noted: recover to it, exclusive.
 *
 * Proof: the tablespace was there, and afterwards neither its row nor its link is.
 * @throws PGDRILL_DRILL_INVALID when it has no name, PGDRILL_COMMIT_NOT_FOUND when the WAL does not have the drop
 */
export function dropTablespace(name: string): Accident {
  givenText('dropTablespace', 'name', name);
  const title = `DROP TABLESPACE ${name}`;
  return {
    name: 'drop-tablespace',
    title,
    async strike(context) {
      const { run, cluster } = context;
      const leader = await cluster.leader();
      const client = await leader.connect();
      try {
        return await limited('accident proven', run, async () => {
          const { rows } = await client.query<{ oid: string; location: string }>(
            'SELECT oid::text, pg_tablespace_location(oid) AS location FROM pg_tablespace WHERE spcname = $1',
            [name],
          );
          const before = await captureMoment(client);
          await dealing(context)(() => client.query(`DROP TABLESPACE ${escapeIdentifier(name)}`));
          const struckAt = nowText();
          const { oid, location } = rows[0]!;
          const left = await client.query<{ named: boolean; linked: boolean }>(
            `SELECT EXISTS (SELECT FROM pg_tablespace WHERE oid = $1) AS named,
                    pg_stat_file('pg_tblspc/' || $1::text, true) IS NOT NULL AS linked`,
            [oid],
          );
          const { named, linked } = left.rows[0]!;
          const range = ['-p', `${leader.dataDir}/pg_wal`, '-t', String(before.timeline), '-s', before.lsn];
          const { stdout } = await leader.exec(
            ['env', 'TZ=UTC', 'LC_ALL=C', `${leader.binDir}/pg_waldump`, '--rmgr=Tablespace', ...range],
            { user: 'postgres', check: false },
          );
          const drop = parseWaldump(stdout).find((one) => one.operation === 'DROP' && one.detail.trim() === oid);
          if (!drop) throw noCommitRecord(leader, `the drop of tablespace ${oid}`);
          return {
            accident: 'drop-tablespace',
            title,
            member: leader.name,
            before,
            struckAt,
            xid: drop.tx,
            noted: { [tablespaceDropNote]: drop.lsn },
            proof: {
              took: !named && !linked,
              expected: `${name} in ${location} dropped`,
              found: `${named ? 'still there' : 'no such tablespace'}, ${linked ? 'its link too' : 'no link'}; dropped at ${drop.lsn}`,
            },
          };
        });
      } finally {
        await client.end().catch(() => undefined);
      }
    },
  };
}

/** The same by hand: `pgdrill break drop-tablespace`. */
export const dropTablespaceKind = logicalKind({
  name: 'drop-tablespace',
  title: 'tablespace dropped',
  does: '`DROP TABLESPACE`, through the leader; PostgreSQL refuses one that is not empty. As with a database, only a recovery to the place of its record undoes it.',
  options: z.object({
    name: z.string().describe('which'),
  }),
  proof: 'the tablespace was there, and afterwards neither its row nor its link is',
  make: ({ name }) => dropTablespace(name),
});
