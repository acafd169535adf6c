import { nowText } from '../../run/recorder';
import { until } from '../../run/until';
import { dealing, type Accident } from '../accident';
import { captureMoment } from '../moment';

/**
 * What is gone: the control file, without which nothing starts, and the databases. The servers are killed before their WAL
 * goes, for one that misses it would say so while it can.
 */
const destroy = (dataDir: string, wal: boolean): string =>
  [
    `rm -f ${dataDir}/global/pg_control && rm -rf ${dataDir}/base`,
    'pkill -KILL -x postgres',
    ...(wal ? [`rm -rf ${dataDir}/pg_wal`] : []),
    'true',
  ].join('; ');

/**
 * The data directory of every member is damaged at once, under running servers: control file and databases are gone, and
 * every server is killed. What is left is what Barman holds and pg_wal on the disks, unless that is to go too. Nobody leads
 * from then on.
 *
 * Proof: no server answers, and no control file is there.
 * @param options.wal whether pg_wal is lost as well
 */
export function loseDataDirectories(options: { wal?: boolean } = {}): Accident {
  return {
    name: 'lose-data-directories',
    title: 'data directories of every member damaged',
    stopsWrites: true,
    async strike(context) {
      const { run, cluster } = context;
      const leader = await cluster.leader();
      const before = await leader.use(captureMoment);
      await dealing(context)(() =>
        Promise.all(cluster.nodes.map((node) => node.exec(['sh', '-c', destroy(node.dataDir, options.wal ?? false)]))),
      );
      const struckAt = nowText();
      await until('accident proven', run, async () => {
        const answers = await Promise.all(cluster.nodes.map((node) => node.inRecovery()));
        return answers.every((answer) => answer === undefined);
      });
      const left = await Promise.all(
        cluster.nodes.map(async (node) => {
          const { exitCode } = await node.exec(['test', '-e', `${node.dataDir}/global/pg_control`], { check: false });
          return exitCode === 0 ? [node.name] : [];
        }),
      );
      const found = left.flat();
      return {
        accident: 'lose-data-directories',
        title: 'data directories of every member damaged',
        member: leader.name,
        before,
        struckAt,
        proof: {
          took: found.length === 0,
          expected: `no control file on ${cluster.nodes.length} members, no server answers`,
          found: found.length === 0 ? 'none, none' : `a control file on ${found.join(', ')}`,
        },
      };
    },
  };
}
