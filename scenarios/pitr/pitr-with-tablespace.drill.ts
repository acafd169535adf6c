import {
  beforeAccident,
  defineDrill,
  deleteAllRows,
  demand,
  isolatedNodePitr,
  thai,
  type DrillSpec,
  type Recovery,
} from 'pgdrill';

const places = '/var/lib/postgresql/tablespaces';

/**
 * A table of the data set lies in a tablespace that the backup has, another tablespace is made after that backup, and
 * pg_wal of the member that will be recovered lies elsewhere.
 */
const elsewhere: DrillSpec['before'] = async ({ cluster, database }) => {
  const leader = await cluster.leader();
  const node = cluster.others(leader.name)[0]!;
  for (const member of cluster.nodes)
    await member.exec(['install', '-d', '-o', 'postgres', '-m', '0700', places, `${places}/fast`, `${places}/late`]);
  await leader.query(`CREATE TABLESPACE fast LOCATION '${places}/fast'`);
  await leader.query('ALTER TABLE book.tickets SET TABLESPACE fast', [], database);
  const wal = `/var/lib/postgresql/wal-${node.name}`;
  await node.stopPatroni();
  await node.exec(['sh', '-c', `mv ${node.dataDir}/pg_wal ${wal} && ln -s ${wal} ${node.dataDir}/pg_wal`]);
  await node.startPatroni();
  await cluster.awaitStreaming();
  await cluster.barman.barman(['backup', '--wait', cluster.barman.server], { deadline: 'backup made' });
  await leader.query(`CREATE TABLESPACE late LOCATION '${places}/late'`);
  return `book.tickets in ${places}/fast, pg_wal of ${node.name} in ${wal}, a tablespace made after the backup`;
};

const pitr = isolatedNodePitr({ target: beforeAccident(), backup: 'latest' });

const recovery: Recovery['recover'] = async (context) => {
  const { cluster, database } = context;
  const result = await pitr.recover(context);
  const node = cluster.member(result.node!);
  const of =
    "SELECT spcname FROM pg_class JOIN pg_tablespace s ON s.oid = reltablespace WHERE pg_class.oid = 'book.tickets'::regclass";
  const named = await node.value(of, database);
  demand(named === 'fast', 'book.tickets lies in its tablespace again', named);
  const { stdout } = await node.exec([
    'sh',
    '-c',
    `readlink ${node.dataDir}/pg_tblspc/* ${node.dataDir}/pg_wal; ls -d /var/lib/postgresql/*/*before* /var/lib/postgresql/*before* 2>/dev/null; true`,
  ]);
  const found = stdout.trim().split('\n').sort();
  const expected = [`${places}/fast`, `${places}/late`, `/var/lib/postgresql/wal-${node.name}`];
  demand(
    found.join() === expected.join(),
    `its links lead to ${expected.join(', ')}, and nothing is left aside`,
    found.join(', '),
  );
  // The baseline is from before it was moved there.
  await node.query('ALTER TABLE book.tickets SET TABLESPACE pg_default', [], database);
  return result;
};

export default defineDrill({
  id: 'pitr-with-tablespace',
  title: 'tablespaces and a linked pg_wal are moved aside with the data directory, and restored to their places',
  labels: ['pitr'],
  dataset: thai('tiny'),
  before: elsewhere,
  accident: deleteAllRows('book.tickets'),
  recovery,
});
