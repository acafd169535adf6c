import { defineDrill, heal, heapPage, killPostmaster, sequence, thai, until, type Cure, type Operation } from 'pgdrill';

/**
 * Every row of the block is written anew with the values that it had: the first change of the page since the checkpoint, so
 * that all of it goes into the WAL (full_page_writes). In memory it is whole; on disk it is not.
 */
const touched: Operation = async ({ cluster, database }) => {
  const leader = await cluster.leader();
  await leader.query('UPDATE book.tickets SET fio = fio WHERE (ctid::text::point)[0] = 0', [], database);
};

/** Patroni has crash recovery done before it starts the server, whose own log says nothing of it then. */
const crashRecovered: Cure = {
  id: 'crash-recovered',
  title: 'wait until crash recovery has brought the page back',
  async does({ run, cluster, incident, database, symptoms }) {
    const node = cluster.member(incident.leader!);
    const words = /doing crash recovery in a single user mode|automatic recovery in progress/;
    const line = await until('symptom shown', run, async () => {
      const said = `${await node.container.logs()}\n${await node.serverLog()}`;
      return said.split('\n').findLast((one) => words.test(one));
    });
    symptoms.push(`${node.name}: ${line}`);
    const rows = await until('member answers', run, () => node.value('SELECT count(fio) FROM book.tickets', database));
    return `${rows} rows are read on ${node.name}; ${line}`;
  },
};

export default defineDrill({
  id: 'torn-page',
  title:
    'half of a page was on disk when the leader crashed: crash recovery brings it whole, from its image in the WAL',
  labels: ['corruption'],
  dataset: thai('tiny'),
  accident: sequence(
    heapPage({ on: 'leader', relation: 'book.tickets', block: 0, part: 'torn', cached: true }),
    touched,
    killPostmaster({ on: 'leader' }),
  ),
  recovery: heal({ title: 'by PostgreSQL itself', cures: [crashRecovered], promotions: [0, 1] }),
});
