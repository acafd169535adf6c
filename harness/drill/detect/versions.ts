import type { Cluster } from '../../cluster/cluster';

/** Versions of what is asked, as each says it itself. */
export async function versionsOf(cluster: Cluster): Promise<Record<string, string>> {
  const leader = await cluster.leader();
  const [postgres, patroni, barman, etcd] = await Promise.all([
    leader.value('SHOW server_version'),
    leader.exec(['patroni', '--version'], { check: false }).then(({ stdout }) => stdout),
    cluster.barman.barman(['--version'], { check: false }).then(({ stdout }) => stdout),
    etcdVersion(cluster),
  ]);
  return {
    PostgreSQL: postgres.split(' ')[0] ?? postgres,
    Patroni: numberIn(patroni),
    etcd: numberIn(etcd),
    Barman: numberIn(barman),
  };
}

async function etcdVersion({ etcd }: Cluster): Promise<string> {
  const [member] = etcd.members.values();
  return member ? (await member.exec(['etcd', '--version'])).stdout : '';
}

function numberIn(text: string): string {
  return /\d+(?:\.\d+)+/.exec(text)?.[0] ?? 'unknown';
}
