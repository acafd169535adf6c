import {
  beforeAccident,
  defineDrill,
  deleteAllRows,
  demand,
  isolatedNodePitr,
  thai,
  until,
  type DrillSpec,
} from 'pgdrill';

/**
 * A member that was promoted by hand, twice, away from the cluster: on a timeline 3 of its own, with rows that nobody else
 * has. The recovered node is promoted once by the recovery and once by Patroni's start: on a timeline 3 as well.
 */
const strayMember: DrillSpec['before'] = async ({ run, cluster, database }) => {
  const leader = await cluster.leader();
  const stray = cluster.others(leader.name).at(-1)!;
  await stray.stopPatroni();
  // By its socket alone: nobody shall take it for the leader. Nothing of it may reach the archive.
  const options = `-c listen_addresses= -c archive_command='' -c hot_standby=on -c primary_conninfo=`;
  const start = `${stray.binDir}/pg_ctl -D ${stray.dataDir} -w -l /tmp/stray.log -o "${options}" start`;
  const stop = `${stray.binDir}/pg_ctl -D ${stray.dataDir} -w -m fast stop`;
  const psql = (sql: string) => ['su', 'postgres', '-c', `psql -XAtq -d ${database} -c "${sql}"`];
  const promote = async () => {
    await stray.exec(['su', 'postgres', '-c', `touch ${stray.dataDir}/standby.signal`]);
    await stray.exec(['su', 'postgres', '-c', start]);
    await stray.exec(psql('SELECT pg_promote(true, 60)'));
    await stray.exec(psql('CREATE TABLE IF NOT EXISTS public.stray (at timestamptz DEFAULT now())'));
    await stray.exec(psql('CHECKPOINT'));
    await stray.exec(['su', 'postgres', '-c', stop]);
  };
  await promote();
  await promote();
  // As it would be after somebody "put it back": a standby that has not been started yet.
  await stray.exec(['su', 'postgres', '-c', `touch ${stray.dataDir}/standby.signal`]);
  await until('leader elected', run, async () => (await leader.inRecovery()) === false);
  return `${stray.name} is on a timeline 3 that nobody else has`;
};

const pitr = isolatedNodePitr({ target: beforeAccident(), rejoin: 'rewind' });

export default defineDrill({
  id: 'same-number-other-branch',
  title:
    'a member on another branch of the number that the recovered leader gets: copied, for pg_rewind would leave it',
  labels: ['pitr'],
  dataset: thai('tiny'),
  before: strayMember,
  accident: deleteAllRows('book.tickets'),
  async recovery(context) {
    const result = await pitr.recover(context);
    const rejoined = result.rejoined ?? [];
    const said = rejoined.map(({ member, by, reason }) => `${member} by ${by}: ${reason}`).join('; ');
    const copied = rejoined.filter(({ by, reason }) => by === 'copy' && reason.includes('compares numbers'));
    demand(copied.length === 1, 'the member on the other branch is copied, and it is said why', said);
    const rewound = rejoined.filter(({ by }) => by === 'rewind');
    demand(rewound.length === 1 && rejoined.length === 2, 'the old leader is rewound', said);
    return result;
  },
});
