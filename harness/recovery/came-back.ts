import type { PatroniNode } from '../cluster/patroni-node';

interface InDoubt {
  gid: string;
  database: string;
  owner: string;
  prepared: string;
}

interface Subscription {
  name: string;
  database: string;
}

/**
 * What came back with the data and acts by itself, in words, for whoever decides on the isolated node: transactions that
 * were prepared at the target hold their locks until somebody ends them, also if they were ended after it; a subscription
 * goes on where its publisher's slot stands, which is past the target.
 */
export async function cameBack(node: PatroniNode): Promise<string[]> {
  const inDoubt = await node.query<InDoubt>(
    `SELECT gid, database, owner, to_char(prepared AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS') || ' UTC' AS prepared
       FROM pg_prepared_xacts ORDER BY gid`,
  );
  const subscriptions = await node.query<Subscription>(
    `SELECT subname AS name, datname AS database FROM pg_subscription s JOIN pg_database d ON d.oid = s.subdbid
      WHERE subenabled ORDER BY 1, 2`,
  );
  return [...inDoubt.map(inDoubtWords), ...subscriptions.map(subscriptionWords)];
}

function inDoubtWords({ gid, database, owner, prepared }: InDoubt): string {
  return `in doubt in ${database}: prepared transaction '${gid}' of ${owner}, ${prepared}; it holds its locks until COMMIT PREPARED or ROLLBACK PREPARED`;
}

function subscriptionWords({ name, database }: Subscription): string {
  return `subscription ${name} in ${database} is enabled: what its publisher sent since the target does not come again`;
}
