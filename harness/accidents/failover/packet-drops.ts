import type { PatroniNode } from '../../cluster/patroni-node';

/** Whom a member is cut off from. `cluster`: etcd and the replicas at once. */
export type CutFrom = 'etcd' | 'replicas' | 'clients' | 'cluster';

export const ports = { etcd: 2379, postgres: 5432 } as const;

/** Name of the chain that holds all rules of one cut: what is removed with it is what was made for it. */
export function chainOf(from: CutFrom): string {
  return `PGDRILL-${from}`;
}

/**
 * The rules of a cut, as arguments of iptables. Pure.
 * @param addresses of those around the member; of clients nothing is known but that they are none of these
 */
export function rulesOf(
  from: CutFrom,
  addresses: Record<'etcd' | 'replicas' | 'barman', readonly string[]>,
): string[][] {
  const drop = (some: readonly string[]) =>
    some.flatMap((address) => [
      ['-s', address, '-j', 'DROP'],
      ['-d', address, '-j', 'DROP'],
    ]);
  switch (from) {
    case 'etcd':
      return drop(addresses.etcd);
    case 'replicas':
      return drop(addresses.replicas);
    case 'cluster':
      return drop([...addresses.etcd, ...addresses.replicas]);
    case 'clients': {
      const known = [...addresses.etcd, ...addresses.replicas, ...addresses.barman, '127.0.0.0/8'];
      const port = String(ports.postgres);
      return [
        ...known.flatMap((address) => [
          ['-s', address, '-j', 'RETURN'],
          ['-d', address, '-j', 'RETURN'],
        ]),
        ['-p', 'tcp', '--dport', port, '-j', 'DROP'],
        ['-p', 'tcp', '--sport', port, '-j', 'DROP'],
      ];
    }
  }
}

/** Makes the chain whole before the first packet goes through it. */
export async function cutOff(
  node: PatroniNode,
  from: CutFrom,
  addresses: Parameters<typeof rulesOf>[1],
): Promise<void> {
  await restore(node, from);
  const chain = chainOf(from);
  const lines = [
    `iptables -w -N ${chain}`,
    ...rulesOf(from, addresses).map((rule) => `iptables -w -A ${chain} ${rule.join(' ')}`),
    `iptables -w -I INPUT -j ${chain}`,
    `iptables -w -I OUTPUT -j ${chain}`,
  ];
  await node.exec(['sh', '-ec', lines.join('\n')]);
}

/** Removes the chain of a cut, and the two rules that lead to it. Idempotent, however far `cutOff` came. */
export async function restore(node: PatroniNode, from: CutFrom): Promise<void> {
  const chain = chainOf(from);
  const script = `for hook in INPUT OUTPUT; do
  while iptables -w -C $hook -j ${chain} 2> /dev/null; do iptables -w -D $hook -j ${chain}; done
done
if iptables -w -S ${chain} > /dev/null 2>&1; then iptables -w -F ${chain}; iptables -w -X ${chain}; fi`;
  await node.exec(['sh', '-ec', script]);
}

/** Seconds within which a connection has to be answered: on one bridge of one machine it is in a millisecond. */
const ANSWER_SECONDS = 2;

/** Which of them answer a new connection from the member. */
export async function reached(node: PatroniNode, to: readonly { name: string; port: number }[]): Promise<string[]> {
  const tried = await Promise.all(
    to.map(async ({ name, port }) => {
      const script = `exec 3<> "/dev/tcp/${name}/${port}"`;
      const command = ['timeout', String(ANSWER_SECONDS), 'bash', '-c', script];
      return (await node.exec(command, { check: false })).exitCode === 0 ? [name] : [];
    }),
  );
  return tried.flat();
}
