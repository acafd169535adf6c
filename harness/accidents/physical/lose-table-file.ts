import { nowText } from '../../run/recorder';
import type { Accident } from '../accident';
import { quotedTable } from '../logical/names';
import { captureMoment } from '../moment';

/**
 * The file of a table is removed on the leader, behind PostgreSQL's back: nothing of it is in the WAL, and the server goes
 * on, with what it has of the table in memory.
 *
 * Proof: the file was there and is not.
 * @param table `schema.table`, in the dataset's database
 */
export function loseTableFile(table: string): Accident {
  const quoted = quotedTable('loseTableFile', table);
  return {
    name: 'lose-table-file',
    title: `file of ${table} removed on the leader`,
    async strike({ cluster, database }) {
      const leader = await cluster.leader();
      const path = await leader.value(`SELECT pg_relation_filepath('${quoted}')`, database);
      const before = await leader.use(captureMoment);
      const file = `${leader.dataDir}/${path}`;
      const there = async () => (await leader.exec(['test', '-e', file], { check: false })).exitCode === 0;
      const was = await there();
      await leader.exec(['rm', '-f', file]);
      const took = was && !(await there());
      return {
        accident: 'lose-table-file',
        title: `file of ${table} removed on the leader`,
        member: leader.name,
        before,
        struckAt: nowText(),
        proof: { took, expected: `${path} there before, and not after`, found: took ? 'so it is' : 'it is not' },
      };
    },
  };
}
