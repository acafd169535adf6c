import type { PatroniNode } from '../cluster/patroni-node';
import { databaseDrops, type DatabaseDrop } from '../formats/database-drop';
import { parseWaldump } from '../formats/waldump';
import type { Moment } from '../record/incident';
import { noCommitRecord } from './commit-mark';

/** Under this name an accident notes where the drop of a database begins, and a target finds it. */
export const databaseDropNote = 'begin of DROP DATABASE';

/**
 * Finds the drop of a database in a leader's own WAL.
 * @param oid of the database
 * @param since a moment before the drop
 * @throws PGDRILL_COMMIT_NOT_FOUND when the WAL from there on has none
 */
export async function findDatabaseDrop(leader: PatroniNode, oid: string, since: Moment): Promise<DatabaseDrop> {
  const range = `-p ${leader.dataDir}/pg_wal -t ${since.timeline} -s ${since.lsn}`;
  // 1664 is pg_global, where the shared catalogues are: of all other writes nothing is carried here.
  const script = `pg_waldump --rmgr=Heap --rmgr=Database ${range} 2>/dev/null | grep -E '^rmgr: Database| rel 1664/'`;
  const { stdout } = await leader.exec(['env', 'TZ=UTC', 'LC_ALL=C', 'sh', '-c', script], {
    user: 'postgres',
    check: false,
  });
  const found = databaseDrops(parseWaldump(stdout)).find(({ database }) => database === oid);
  if (!found) throw noCommitRecord(leader, `the drop of database ${oid}`);
  return found;
}
