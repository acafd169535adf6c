import {
  beforeAccident,
  commitMark,
  defineDrill,
  deleteAllRows,
  inOrder,
  interruptedPitr,
  thai,
  type DrillSpec,
  type Recovery,
} from 'pgdrill';

const place = '/var/lib/postgresql/tablespaces/fast';

const elsewhere: DrillSpec['before'] = async ({ cluster, database }) => {
  for (const node of cluster.nodes) await node.exec(['install', '-d', '-o', 'postgres', '-m', '0700', place]);
  const leader = await cluster.leader();
  await leader.query(`CREATE TABLESPACE fast LOCATION '${place}'`);
  await leader.query('ALTER TABLE book.tickets SET TABLESPACE fast', [], database);
  await cluster.awaitStreaming();
  await cluster.barman.barman(['backup', '--wait', cluster.barman.server], { deadline: 'backup made' });
  return `book.tickets in ${place} on every member, and in a backup`;
};

const pitr = interruptedPitr({
  target: beforeAccident(),
  backup: 'latest',
  cuts: [
    { at: 'check-there', then: 'rollback', killRollback: true },
    { at: 'rejoin', then: 'rollback', refused: 'PGDRILL_WRITES_ACKNOWLEDGED', force: true },
  ],
});

const recovery: Recovery['recover'] = async (context) => {
  const result = await pitr.recover(context);
  // The baseline is from before it was moved there.
  await context.cluster
    .member(result.node!)
    .query('ALTER TABLE book.tickets SET TABLESPACE pg_default', [], context.database);
  return result;
};

export default defineDrill({
  id: 'rollback-with-tablespace',
  title:
    'a table in a tablespace comes back with the old data when a PITR is rolled back, before a new leader and after',
  labels: ['pitr'],
  dataset: thai('tiny'),
  before: elsewhere,
  accident: inOrder(commitMark('kept'), deleteAllRows('book.tickets')),
  recovery,
});
