import {
  beforeAccident,
  defineDrill,
  everyAccidentMisses,
  isolatedNodePitr,
  thai,
  verdict,
  type DrillSpec,
} from 'pgdrill';

const places = '/var/lib/postgresql/tablespaces';

/** What some kinds need to have something to miss: a tablespace, an index by a collation of ICU, values out of line. */
const targets: DrillSpec['before'] = async ({ cluster, database }) => {
  const leader = await cluster.leader();
  for (const member of cluster.nodes)
    await member.exec(['install', '-d', '-o', 'postgres', '-m', '0700', places, `${places}/tonight`]);
  await leader.query(`CREATE TABLESPACE tonight LOCATION '${places}/tonight'`);
  await leader.query('CREATE INDEX fam_thai ON book.tickets (fio COLLATE "th-x-icu")', [], database);
  await leader.query(
    `CREATE TABLE book.remarks AS SELECT g AS id, string_agg(md5(g::text || n), '') AS remark
       FROM generate_series(1, 20) AS g, generate_series(1, 400) AS n GROUP BY g`,
    [],
    database,
  );
  await cluster.awaitStreaming();
  return 'a tablespace, an index by th-x-icu, values out of line';
};

/** Power loss needs the members' own file systems, which not every machine has: `power-loss-misses`. */
export default defineDrill({
  id: 'every-accident-misses',
  title: 'sabotage: each kind of accident made to miss, none may say that it took effect',
  labels: ['sabotage'],
  dataset: thai('tiny'),
  disks: { walBytes: 512 * 1024 ** 2 },
  before: targets,
  accident: everyAccidentMisses({
    'delete-all-rows': { table: 'book.tickets' },
    'update-without-where': { table: 'book.tickets', column: 'fio', value: 'nobody' },
    truncate: { table: 'book.remarks' },
    'drop-table': { table: 'book.remarks' },
    'drop-schema': { schema: 'book' },
    'drop-tablespace': { name: 'tonight' },
    'bad-migration': { table: 'book.tickets', column: 'fio', type: 'varchar(3)', using: 'left(fio, 3)' },
    'partition-member': { from: 'cluster' },
    'slow-network': { delayMs: 100 },
    'stop-replica': { walGone: true },
  }),
  recovery: isolatedNodePitr({ target: beforeAccident() }),
  expect: verdict('unverified', { by: 'accident' }),
});
