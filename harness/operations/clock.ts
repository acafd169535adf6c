import type { PatroniNode } from '../cluster/patroni-node';

/**
 * Has one member's PostgreSQL see another time from its next start on, and nothing else: its server program is run with
 * libfaketime, through a file of the same name. Patroni hands none of its environment on, and with a clock of its own it
 * would wait wrongly; PostgreSQL's monotonic clock is left alone for the same reason.
 * @param seconds how far ahead; behind where negative
 */
export async function shiftClock(node: PatroniNode, seconds: number): Promise<void> {
  const wrapper = `#!/bin/sh
LD_PRELOAD=$(echo /usr/lib/*/faketime/libfaketime.so.1) FAKETIME=${seconds < 0 ? '' : '+'}${seconds}s FAKETIME_DONT_FAKE_MONOTONIC=1
export LD_PRELOAD FAKETIME FAKETIME_DONT_FAKE_MONOTONIC
exec ${node.binDir}/real/postgres "$@"
`;
  // In a folder of its own the program keeps its name, by which a postmaster is looked for.
  const script = '[ -e "$1/real/postgres" ] || { mkdir -p "$1/real" && mv "$1/postgres" "$1/real/postgres"; }';
  await node.exec(['sh', '-c', script, 'sh', node.binDir]);
  await node.container.putFiles([{ target: `${node.binDir}/postgres`, content: wrapper, mode: 0o755 }]);
}

/** Takes it back; the next start of PostgreSQL there has the right time. Idempotent. */
export async function setClockRight(node: PatroniNode): Promise<void> {
  const script = '[ ! -e "$1/real/postgres" ] || mv "$1/real/postgres" "$1/postgres"';
  await node.exec(['sh', '-c', script, 'sh', node.binDir]);
}

/** s by which a member's PostgreSQL is ahead of the clock of its own container; behind where negative. */
export async function clockOffset(node: PatroniNode): Promise<number> {
  const container = async () => Number((await node.exec(['date', '+%s.%N'])).stdout);
  const before = await container();
  const server = Number(await node.value('SELECT extract(epoch FROM clock_timestamp())'));
  return server - (before + (await container())) / 2;
}
