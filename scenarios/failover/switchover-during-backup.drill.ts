import {
  baseBackup,
  captureMoment,
  defineDrill,
  during,
  failedOrGood,
  heal,
  switchover,
  type Accident,
  type Cluster,
} from 'pgdrill';

/** KB/s: a backup of some MB is then still under way when Patroni has turned round. */
const SLOW = 4096;

async function limitBandwidth({ barman }: Cluster, kilobytes: number): Promise<void> {
  const script = 'sed -i "/^bandwidth_limit/d" "$1"; [ "$2" = 0 ] || echo "bandwidth_limit = $2" >> "$1"';
  await barman.exec(['sh', '-c', script, 'sh', `/etc/barman.d/${barman.server}.conf`, String(kilobytes)]);
}

/** No accident by itself; it becomes one by its moment. */
const turn: Accident = {
  name: 'switchover',
  title: 'planned switchover',
  async strike({ run, cluster }) {
    const old = await cluster.leader();
    const before = await old.use(captureMoment);
    const struckAt = new Date().toISOString();
    const found = await switchover()({ run, cluster });
    await limitBandwidth(cluster, 0);
    const leader = await cluster.leader();
    return {
      accident: 'switchover',
      title: 'planned switchover',
      member: old.name,
      leader: old.name,
      before,
      struckAt,
      proof: { took: leader.name !== old.name, expected: `another leader than ${old.name}`, found },
    };
  },
};

export default defineDrill({
  id: 'switchover-during-backup',
  title: 'switchover while Barman makes a base backup: it is FAILED, or good, and nothing in between',
  labels: ['failover'],
  before: async ({ cluster }) => {
    await limitBandwidth(cluster, SLOW);
    return `Barman copies ${SLOW} KB a second at most`;
  },
  accident: during(baseBackup(), turn),
  recovery: heal({ title: 'what failed is deleted, another backup made', cures: [failedOrGood()], promotions: [1, 1] }),
});
