import { nowText } from '../../run/recorder';
import type { StepAction } from '../site';

/** The other members, emptied, copy the new leader by themselves (Patroni's basebackup method). */
export const rejoin: StepAction = async ({ cluster, node, result }) => {
  const others = cluster.others(node.name);
  await Promise.all(
    others.map(async (other) => {
      await other.exec(['rm', '-rf', other.dataDir]);
      await other.startPatroni();
    }),
  );
  await cluster.awaitStreaming('members rejoined');
  result.rejoinedAt = nowText();
  return others.length > 0
    ? `${others.map((other) => other.name).join(', ')} stream from ${node.name}`
    : 'no other member';
};
