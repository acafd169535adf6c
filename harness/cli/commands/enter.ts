import { connectEngine } from '../../engine/connect';
import type { Container } from '../../engine/container';
import { PgdrillError } from '../../record/errors';
import { examples, type DefineCommand } from '../command-line';
import { containersOf, namedCluster, namedMember, runAndMember } from '../clusters';
import { execSession } from '../exec-session';
import { usageError } from '../usage';

/** `pgdrill enter`: a shell, psql, or any command, inside a container of a cluster that is up. */
export const defineEnter: DefineCommand = (program, line) => {
  program
    .command('enter')
    .description('enter a container of a cluster that is up: a shell, psql, or a command')
    .usage('[options] [run] [member] [-- command…]')
    .argument('[run]', 'id or begin of an id; default the latest cluster')
    .argument('[member]', 'db1, etcd1, barman …; default db1, with --psql the leader')
    .option('--psql', 'psql as the superuser; what follows -- goes to psql')
    .option('-u, --user <user>', 'user inside the container; default root, with --psql postgres')
    .addHelpText(
      'after',
      examples([
        ['pgdrill enter', 'a shell on db1 of the latest cluster'],
        ['pgdrill enter db2 -- patronictl -c /etc/patroni/patroni.yml list', 'one command'],
        ['pgdrill enter --psql', 'psql on the leader'],
        ["pgdrill enter --psql db3 -- -c 'SELECT pg_is_in_recovery()'", 'one query on a member'],
        ['pgdrill enter barman -u barman -- barman list-backups all', 'Barman'],
      ]),
    )
    .action((first: string | undefined, second: string | undefined, flags: { psql?: boolean; user?: string }) => {
      const { run: runName, member } = runAndMember(first, second);
      if (flags.psql && member !== undefined && !/^db\d+$/.test(member)) {
        throw usageError(`${member} has no PostgreSQL`, 'give a member that is called db1, db2 …');
      }
      line.work = async () => {
        const engine = await connectEngine();
        const run = await namedCluster(engine, runName);
        const containers = await containersOf(engine, run);
        if (flags.psql) {
          const container = member === undefined ? await leaderOf(containers, run) : namedMember(containers, member);
          return execSession(container, { command: ['psql', '-X', ...line.rest], user: flags.user ?? 'postgres' });
        }
        const command = line.rest.length > 0 ? [...line.rest] : ['bash'];
        return execSession(namedMember(containers, member ?? 'db1'), { command, user: flags.user ?? 'root' });
      };
    });
};

/** The member that takes writes, asked over its own socket: it answers also where Patroni does not. */
async function leaderOf(containers: ReadonlyMap<string, Container>, run: string): Promise<Container> {
  const query = ['psql', '-X', '-A', '-t', '-c', 'SELECT pg_is_in_recovery()'];
  for (const [name, container] of containers) {
    if (!/^db\d+$/.test(name) || !(await container.isRunning())) continue;
    const { exitCode, stdout } = await container.exec(query, { user: 'postgres' });
    if (exitCode === 0 && stdout.trim() === 'f') return container;
  }
  throw new PgdrillError(
    'PGDRILL_NO_LEADER',
    `no member of ${run} takes writes`,
    `name one: pgdrill enter --psql ${run} db1`,
  );
}
