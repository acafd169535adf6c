import { parseControlData } from '../../formats/controldata';
import { PgdrillError } from '../../record/errors';
import type { Cure } from '../healing/heal';

/**
 * Puts Patroni's key /initialize to the system identifier that the data of every member have (pg_controldata): the cure of
 * "system ID mismatch" where the data are right and the key is not.
 * @throws PGDRILL_SYSTEM_MISMATCH where the members do not agree
 */
export function restoreInitializeKey(): Cure {
  return {
    id: 'restore-initialize-key',
    title: "put /initialize to the system identifier of the members' data",
    changes: true,
    async does({ cluster }) {
      const systems = await Promise.all(
        cluster.nodes.map(async (node) => {
          const { stdout } = await node.exec(['env', 'LC_ALL=C', `${node.binDir}/pg_controldata`, '-D', node.dataDir]);
          return parseControlData(stdout).systemIdentifier;
        }),
      );
      const [system = '', ...others] = [...new Set(systems)];
      if (others.length > 0) {
        throw new PgdrillError(
          'PGDRILL_SYSTEM_MISMATCH',
          `the members hold data of ${systems.join(', ')}`,
          'empty the members that are of another system first',
        );
      }
      const before = (await cluster.etcd.keys()).initialize;
      await cluster.etcd.put('initialize', system);
      return `/initialize was ${before ?? 'not there'}, is ${system}`;
    },
  };
}
