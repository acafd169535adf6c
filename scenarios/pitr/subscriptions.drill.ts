import {
  beforeAccident,
  defineDrill,
  deleteAllRows,
  demand,
  inOrder,
  isolatedNodePitr,
  startPublisher,
  thai,
  until,
  type Cluster,
  type Operation,
  type Publisher,
  type Recovery,
  type Run,
} from 'pgdrill';

/** Beside the dataset, which is compared as a whole. */
const database = 'ledger';
let publisher: Publisher;

const subscribe = () => `CREATE SUBSCRIPTION inbox CONNECTION '${publisher.connection}' PUBLICATION outbox`;

async function awaitLetters(run: Run, cluster: Cluster, wanted: string): Promise<void> {
  const leader = await cluster.leader();
  let seen = '';
  await until(
    'replay caught up',
    run,
    async () => {
      seen = await leader.value(
        "SELECT coalesce(string_agg(id::text, ',' ORDER BY id), '') FROM public.letter",
        database,
      );
      return seen === wanted;
    },
    { seen: () => `letters ${seen}, wanted ${wanted}` },
  );
}

const send = (id: number): Promise<unknown> => publisher.query(`INSERT INTO public.letter VALUES (${id})`);

const subscribed: Operation = async ({ run, cluster }) => {
  publisher = await startPublisher(run, cluster);
  await publisher.query('CREATE TABLE public.letter (id int PRIMARY KEY)');
  await publisher.query('CREATE PUBLICATION outbox FOR TABLE public.letter');
  const leader = await cluster.leader();
  await leader.query('CREATE TABLE public.letter (id int PRIMARY KEY)', [], database);
  await leader.query(subscribe(), [], database);
  await send(1);
  await awaitLetters(run, cluster, '1');
};

/** After the target, before the fence: the slot moves on past it. */
const oneMore: Operation = async ({ run, cluster }) => {
  await send(2);
  await awaitLetters(run, cluster, '1,2');
};

const slot = async () => {
  const [row] = await publisher.query<{ active: boolean; lsn: string }>(
    "SELECT active, confirmed_flush_lsn::text AS lsn FROM pg_replication_slots WHERE slot_name = 'inbox'",
  );
  return row!;
};

const pitr = isolatedNodePitr({ target: beforeAccident() });

const recovery: Recovery = {
  ...pitr,
  async recover(context) {
    const { run, cluster } = context;
    const result = await pitr.recover({
      ...context,
      async checkThere(name) {
        const said = await context.checkThere(name);
        const before = await slot();
        await send(3);
        const node = cluster.member(name);
        await node.query('CHECKPOINT');
        const after = await slot();
        demand(!after.active && after.lsn === before.lsn, 'nobody consumes the slot', JSON.stringify(after));
        // What the isolated node decides, the leader that it becomes keeps to.
        await node.query('ALTER SUBSCRIPTION inbox DISABLE', [], database);
        return [...said, `the slot of subscription inbox stays at ${after.lsn}; the subscription is disabled`];
      },
    });
    const listed = (result.cameBack ?? []).join('; ');
    demand(listed.includes('subscription inbox'), 'the recovery lists the subscription', listed);
    // By the publisher's own log: a look now and then could miss it.
    const [fenced, led] = [result.fencedAt, result.leadStartedAt].map((at) => Date.parse(at!)) as [number, number];
    const meanwhile = (await publisher.consumedAt('inbox')).filter((at) => at > fenced && at < led);
    demand(meanwhile.length === 0, 'the slot is not consumed between fence and cut-over', `${meanwhile.length} times`);

    const leader = await cluster.leader();
    await leader.query('ALTER SUBSCRIPTION inbox ENABLE', [], database);
    // The symptom: 2 was consumed before the fence, came after the target, and is not sent again.
    await awaitLetters(run, cluster, '1,3');
    const symptom = `${leader.name}: letters 1 and 3 are there, 2 is never sent again`;
    run.note(`symptom on ${symptom}`);
    // The cure: the whole table anew.
    await leader.query('DROP SUBSCRIPTION inbox', [], database);
    await leader.query('TRUNCATE public.letter', [], database);
    await leader.query(subscribe(), [], database);
    await awaitLetters(run, cluster, '1,2,3');
    return { ...result, symptoms: [symptom] };
  },
};

export default defineDrill({
  id: 'subscriptions',
  title: 'a subscription comes back with the data: it consumes nothing while isolated, and its hole is copied anew',
  labels: ['pitr'],
  dataset: thai('tiny'),
  accident: inOrder(subscribed, deleteAllRows('book.tickets'), oneMore),
  recovery,
});
