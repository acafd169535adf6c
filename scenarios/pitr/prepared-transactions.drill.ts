import {
  beforeAccident,
  defineDrill,
  deleteAllRows,
  demand,
  dynamicConfig,
  inOrder,
  isolatedNodePitr,
  thai,
  type Check,
  type Operation,
  type Recovery,
} from 'pgdrill';

/** Beside the dataset, which is compared as a whole. */
const database = 'ledger';

/** Two transfers of a coordinator are prepared. One of them has the account locked. */
const prepare: Operation = async ({ cluster }) => {
  const leader = await cluster.leader();
  await leader.use(async (client) => {
    await client.query('CREATE TABLE public.account (id int PRIMARY KEY, amount int NOT NULL)');
    await client.query('CREATE TABLE public.transfer (id text PRIMARY KEY)');
    await client.query('INSERT INTO public.account VALUES (1, 100)');
    for (const [gid, sql] of [
      ['transfer 1', "INSERT INTO public.transfer VALUES ('transfer 1')"],
      ['transfer 2', 'UPDATE public.account SET amount = amount - 50'],
    ]) {
      await client.query('BEGIN');
      await client.query(sql!);
      await client.query(`PREPARE TRANSACTION '${gid}'`);
    }
  }, database);
};

/** After the accident the coordinator commits both: on the leader nothing is in doubt any more. */
const commitBoth: Operation = async ({ cluster }) => {
  const leader = await cluster.leader();
  await leader.query("COMMIT PREPARED 'transfer 1'", [], database);
  await leader.query("COMMIT PREPARED 'transfer 2'", [], database);
};

const pitr = isolatedNodePitr({ target: beforeAccident() });

const recovery: Recovery = {
  ...pitr,
  async recover(context) {
    const { cluster } = context;
    let symptom = '';
    const result = await pitr.recover({
      ...context,
      async checkThere(name) {
        const said = await context.checkThere(name);
        const node = cluster.member(name);
        symptom = await node.use(async (client) => {
          await client.query("SET lock_timeout = '200ms'");
          return client.query('UPDATE public.account SET amount = amount + 1').then(
            () => 'the account can be written',
            (error: Error) => `${name}: ${error.message}`,
          );
        }, database);
        demand(symptom.includes('lock timeout'), 'the transfer in doubt holds its locks', symptom);
        // The coordinator knows: the other side of transfer 1 is done, transfer 2 is sent again.
        await node.query("COMMIT PREPARED 'transfer 1'", [], database);
        await node.query("ROLLBACK PREPARED 'transfer 2'", [], database);
        return [...said, symptom, 'transfer 1 committed, transfer 2 rolled back'];
      },
    });
    const listed = (result.cameBack ?? []).join('; ');
    demand(/'transfer 1'.*'transfer 2'/.test(listed), 'the recovery lists both prepared transactions', listed);
    for (const node of cluster.nodes) {
      const found = await node.value(
        "SELECT amount || ', ' || (SELECT count(*) FROM public.transfer) || ' transfers' FROM public.account",
        database,
      );
      demand(found === '100, 1 transfers', `${node.name}: transfer 1 there, transfer 2 not`, found);
    }
    return { ...result, symptoms: [symptom] };
  },
};

const noneInDoubt: Check = {
  id: 'none-in-doubt',
  version: 1,
  title: 'no prepared transaction is left on any member',
  oracle: 5,
  applies: () => true,
  examine: ({ episode, index }) =>
    Object.entries(episode.clusters.main?.members ?? {}).map(([member, { integrity }]) => {
      const left = integrity?.preparedTransactions;
      const place = { check: 'none-in-doubt', episode: index, cluster: 'main', member, expected: 'none in doubt' };
      if (!left) return { ...place, status: 'unverified', found: 'not listed' };
      return { ...place, status: left.length === 0 ? 'ok' : 'failed', found: left.join(', ') || 'none' };
    }),
};

export default defineDrill({
  id: 'prepared-transactions',
  title: 'transactions prepared at the target come back in doubt and hold their locks: listed, then decided one by one',
  labels: ['pitr'],
  dataset: thai('tiny'),
  before: dynamicConfig({ max_prepared_transactions: 10 }),
  accident: inOrder(prepare, deleteAllRows('book.tickets'), commitBoth),
  recovery,
  checks: [noneInDoubt],
});
