import { until } from '../../run/until';
import type { Cure } from '../healing/heal';
import { nodeOf, type Whose } from './whose';

/**
 * Stops a member's PostgreSQL that no Patroni looks after any more, by its own program and in order: the first thing to do
 * where an old leader still takes writes. It ends the harm, and puts nothing right that Patroni, once it is started again, would not:
 * that finds a leader that is not its own, and stops it as well.
 */
export function stopPostgres(whose: Whose): Cure {
  return {
    id: 'stop-postgres',
    title: `stop PostgreSQL of ${whose}`,
    async does(context) {
      const node = await nodeOf(context, whose);
      const stop = [`${node.binDir}/pg_ctl`, 'stop', '-D', node.dataDir, '-m', 'fast', '-w', '-t', '60'];
      if (await node.hasPostmaster()) await node.exec(stop, { user: node.osUser, deadline: 'postmaster stopped' });
      await until('postmaster stopped', context.run, async () => !(await node.hasPostmaster()));
      return `PostgreSQL of ${node.name} stopped`;
    },
  };
}
