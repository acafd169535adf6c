import { atXid, commitMark, defineDrill, deleteAllRows, demand, isolatedNodePitr, mark, sequence, thai } from 'pgdrill';

const plain = thai('tiny');

/** The Thai data, with an unlogged table beside it and a sequence that was drawn from. */
const dataset: typeof plain = {
  ...plain,
  async load(context) {
    const loaded = await plain.load(context);
    const client = await context.connect(loaded.database);
    try {
      await client.query('CREATE UNLOGGED TABLE book.basket (id integer, note text)');
      await client.query("INSERT INTO book.basket SELECT i, 'note ' || i FROM generate_series(1, 1000) i");
      await client.query('CREATE SEQUENCE book.receipt_seq');
      await client.query("SELECT nextval('book.receipt_seq') FROM generate_series(1, 100)");
    } finally {
      await client.end();
    }
    return loaded;
  },
};

const pitr = isolatedNodePitr({ target: atXid(mark('before')) });

/**
 * Unlogged tables are emptied by recovery, for no WAL tells what they held; a sequence may stand up to 32 values further
 * (SEQ_LOG_VALS), never before a value that was given out.
 */
export default defineDrill({
  id: 'unlogged-and-sequences',
  title: 'what PITR does to them: unlogged tables come back empty, sequences do not fall behind',
  labels: ['corruption'],
  dataset,
  accident: sequence(commitMark('before'), deleteAllRows('book.tickets')),
  async recovery(context) {
    const { cluster, database } = context;
    const rows = async () => (await cluster.leader()).value('SELECT count(*) FROM book.basket', database);
    const before = await rows();
    demand(before === '1000', '1000 rows in the unlogged table', before);
    const result = await pitr.recover(context);
    const after = await rows();
    demand(after === '0', 'none of them after the recovery', after);
    const leader = await cluster.leader();
    const next = Number(await leader.value('SELECT last_value FROM book.receipt_seq', database));
    demand(next >= 100 && next <= 132, 'the sequence at 100 or up to 32 ahead', String(next));
    return {
      ...result,
      symptoms: [`unlogged: ${before} rows before, ${after} after; sequence: 100 before, ${next} after`],
    };
  },
});
