import { nowText } from '../../run/recorder';
import type { Site, Step } from '../site';

/** The other members, emptied, copy the new leader by themselves (Patroni's basebackup method). */
export const rejoin: Step = { do: copyOthers, undo: stopOthers };

async function copyOthers({ cluster, node, result }: Site): Promise<string> {
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
}

async function stopOthers({ cluster, node }: Site): Promise<string> {
  await Promise.all(cluster.others(node.name).map((other) => other.stopPatroni()));
  return 'the other members are stopped';
}
