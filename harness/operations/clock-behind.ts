import type { Cluster } from '../cluster/cluster';
import type { PatroniNode } from '../cluster/patroni-node';
import type { Run } from '../run/run';
import { demand } from './symptom';

/**
 * Sets the clock of one member's PostgreSQL back, and nothing else's: its server program is run with libfaketime, through
 * a file of the same name. Patroni hands none of its environment on, and with a clock of its own it would wait wrongly;
 * PostgreSQL's monotonic clock is left alone for the same reason.
 * @param seconds how far behind
 */
export async function setClockBehind(run: Run, cluster: Cluster, node: PatroniNode, seconds: number): Promise<void> {
  const wrapper = `#!/bin/sh
LD_PRELOAD=$(echo /usr/lib/*/faketime/libfaketime.so.1) FAKETIME=-${seconds}s FAKETIME_DONT_FAKE_MONOTONIC=1
export LD_PRELOAD FAKETIME FAKETIME_DONT_FAKE_MONOTONIC
exec ${node.binDir}/real/postgres "$@"
`;
  await node.stopPatroni();
  // In a folder of its own the program keeps its name, by which a postmaster is looked for.
  await node.exec(['sh', '-c', 'mkdir -p "$1/real" && mv "$1/postgres" "$1/real/postgres"', 'sh', node.binDir]);
  await node.container.putFiles([{ target: `${node.binDir}/postgres`, content: wrapper, mode: 0o755 }]);
  await node.startPatroni();
  const leader = await cluster.awaitStreaming();
  // By the member's own clock, asked first: what the second question takes makes it seem less far behind, not more.
  const own = await node.value('SELECT extract(epoch FROM clock_timestamp())::int');
  const behind = Number(await leader.value(`SELECT extract(epoch FROM clock_timestamp())::int - ${own}`));
  demand(behind >= seconds - 1, `the clock of ${node.name} is ${seconds} s behind`, `${behind} s`);
  run.note(`the clock of ${node.name} is ${behind} s behind that of ${leader.name}`);
}

/** Takes it back; the next start of PostgreSQL there has the right time. Idempotent. */
export async function setClockRight(node: PatroniNode): Promise<void> {
  const script = '[ ! -e "$1/real/postgres" ] || mv "$1/real/postgres" "$1/postgres"';
  await node.exec(['sh', '-c', script, 'sh', node.binDir]);
}
