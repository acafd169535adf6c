import {
  atLsn,
  defineDrill,
  demand,
  dropTablespace,
  isolatedNodePitr,
  noted,
  tablespaceDropNote,
  thai,
  until,
  type DrillSpec,
  type Recovery,
} from 'pgdrill';

const places = '/var/lib/postgresql/tablespaces';

/** Empty, as one is that was made for tonight's move; the backup has it. */
const made: DrillSpec['before'] = async ({ cluster }) => {
  const leader = await cluster.leader();
  for (const member of cluster.nodes)
    await member.exec(['install', '-d', '-o', 'postgres', '-m', '0700', places, `${places}/tonight`]);
  await leader.query(`CREATE TABLESPACE tonight LOCATION '${places}/tonight'`);
  await cluster.barman.barman(['backup', '--wait', cluster.barman.server], { deadline: 'backup made' });
  return `tablespace tonight in ${places}/tonight, and a backup that has it`;
};

const pitr = isolatedNodePitr({ target: atLsn(noted(tablespaceDropNote), { inclusive: false }), backup: 'latest' });

/** Its row alone would not do: after a stop at the drop's commit nothing could be made in it. */
const recovery: Recovery = {
  ...pitr,
  async recover(context) {
    const { run, cluster } = context;
    const result = await pitr.recover(context);
    const leader = await cluster.leader();
    const said = await leader
      .query('CREATE TABLE public.moved TABLESPACE tonight AS SELECT generate_series(1, 100) AS id', [], 'ledger')
      .then(
        () => 'a table was made in it',
        (error: Error) => error.message,
      );
    demand(said === 'a table was made in it', 'a table can be made in the tablespace', said);
    for (const member of cluster.others(leader.name)) {
      await until('replay caught up', run, async () => {
        return (await member.value('SELECT count(*) FROM public.moved', 'ledger')) === '100';
      });
    }
    return result;
  },
};

export default defineDrill({
  id: 'drop-tablespace',
  title:
    'DROP TABLESPACE, undone by PITR to the LSN of its record, exclusive: a time would bring back a row without a directory',
  labels: ['pitr'],
  dataset: thai('tiny'),
  before: made,
  accident: dropTablespace('tonight'),
  recovery,
});
