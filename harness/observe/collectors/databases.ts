import type { PatroniNode } from '../../cluster/patroni-node';
import type { MemberEvidence } from '../../record/evidence';
import { errorLine } from './reading-error';

type Databases = NonNullable<MemberEvidence['databases']>;

/**
 * Every database is connected to, templates that allow it too: one can be there by name and be dropped half-way
 * ("cannot connect to invalid database"), or have lost its directory.
 */
export async function connectToEach(node: PatroniNode): Promise<Databases> {
  const rows = await node.query<{ datname: string }>('SELECT datname FROM pg_database WHERE datallowconn ORDER BY 1');
  const found: Databases = {};
  for (const { datname } of rows) {
    found[datname] = await node.value('SELECT 1', datname).then(
      () => ({ connects: true }),
      (error: unknown) => ({ connects: false, error: errorLine(error) }),
    );
  }
  return found;
}
