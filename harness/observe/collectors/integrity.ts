import type { PatroniNode } from '../../cluster/patroni-node';
import type { MemberEvidence } from '../../record/evidence';
import { limited, type WaitContext } from '../../run/until';
import { checkDatabase, type Integrity } from './integrity-of-database';

/**
 * Whether the files of a member are sound: every relation read in full, with amcheck where it has a check for the kind,
 * foreign keys looked at again on the leader, prepared transactions listed. Data checksums are verified by reading, so the
 * server's count of failures is asked for afterwards.
 * @param databases those that connect; the others are told by their own area
 * @param somebodys databases that pgdrill did not load: where an extension is not there, that is no fault, and what can be
 * read without it is
 * @throws when the server takes no connection, or a database cannot list its relations
 */
export async function collectIntegrity(
  context: WaitContext,
  node: PatroniNode,
  databases: readonly string[],
  leads: boolean,
  somebodys = false,
): Promise<NonNullable<MemberEvidence['integrity']>> {
  const result: Integrity = {
    checksums: (await node.value('SHOW data_checksums')) === 'on',
    checksumFailures: 0,
    relationsRead: 0,
    unreadable: [],
    notRead: [],
    invalidIndexes: [],
    amcheck: { relations: 0, errors: [] },
    ...(leads ? { foreignKeys: { validated: 0, violated: [] } } : {}),
    preparedTransactions: [],
  };
  for (const [index, database] of databases.entries()) {
    const ask = { database, leads, shared: index === 0, somebodys };
    await limited('evidence gathered', context, () => checkDatabase(context, node, ask, result));
  }
  result.preparedTransactions = (await node.query<{ gid: string }>('SELECT gid FROM pg_prepared_xacts ORDER BY 1')).map(
    (row) => row.gid,
  );
  result.checksumFailures = Number(
    await node.value('SELECT coalesce(sum(checksum_failures), 0) FROM pg_stat_database'),
  );
  // Two connections read at once: what they found is put in an order that does not depend on who was faster.
  result.unreadable.sort(
    (a, b) => inOrder(a.database, b.database) || inOrder(a.relation, b.relation) || (a.block ?? 0) - (b.block ?? 0),
  );
  result.notRead.sort((a, b) => inOrder(a.database, b.database) || inOrder(a.relation, b.relation));
  result.amcheck.errors.sort(inOrder);
  return result;
}

function inOrder(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
