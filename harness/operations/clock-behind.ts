import type { Cluster } from '../cluster/cluster';
import type { PatroniNode } from '../cluster/patroni-node';
import type { Run } from '../run/run';
import { shiftClock } from './clock';
import { demand } from './symptom';

/**
 * Sets the clock of one member's PostgreSQL back, with its Patroni stopped meanwhile.
 * @param seconds how far behind
 */
export async function setClockBehind(run: Run, cluster: Cluster, node: PatroniNode, seconds: number): Promise<void> {
  await node.stopPatroni();
  await shiftClock(node, -seconds);
  await node.startPatroni();
  const leader = await cluster.awaitStreaming();
  // By the member's own clock, asked first: what the second question takes makes it seem less far behind, not more.
  const own = await node.value('SELECT extract(epoch FROM clock_timestamp())::int');
  const behind = Number(await leader.value(`SELECT extract(epoch FROM clock_timestamp())::int - ${own}`));
  demand(behind >= seconds - 1, `the clock of ${node.name} is ${seconds} s behind`, `${behind} s`);
  run.note(`the clock of ${node.name} is ${behind} s behind that of ${leader.name}`);
}
