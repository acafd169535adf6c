import { z } from 'zod';
import type { PatroniNode } from '../../cluster/patroni-node';
import { nowText } from '../../run/recorder';
import { until } from '../../run/until';
import { defineAccident } from '../define-accident';
import { victimsNamed } from '../victims';

export const killPatroni = defineAccident({
  name: 'kill-patroni',
  family: 'failover',
  title: 'Patroni killed, PostgreSQL goes on',
  does: 'SIGKILL to Patroni alone. PostgreSQL goes on and takes writes. Where the supervisor does not start Patroni again, the leader key runs out, another member is promoted, and nobody stops the old leader: its container has no watchdog.',
  strikes: ['leader', 'replica'],
  options: z.object({
    restarted: z.boolean().default(true).describe('whether the supervisor may start Patroni again'),
  }),
  proof:
    'the process of Patroni is gone and the postmaster is the same as before; where Patroni is not to come back, its REST API does not answer',
  undone: 'its configuration file is put back, for which the script that starts Patroni waits',
  neverTouches: 'PostgreSQL, the data directory, the supervisor',
  twoWriters: { when: ({ restarted }) => !restarted, words: 'where Patroni is not started again' },
  async strike({ run, deal }, { nodes: [node] }, { restarted }) {
    const [patroni, postmaster] = [await patroniPids(node!), await postmasterOf(node!)];
    await deal(async () => {
      if (!restarted) await moveConfig(node!, 'away');
      await node!.killPatroni();
    });
    const struckAt = nowText();
    await until('accident proven', run, async () => {
      const now = await patroniPids(node!);
      return patroni.every((pid) => !now.includes(pid)) && (restarted || now.length === 0);
    });
    const after = await postmasterOf(node!);
    const silent = restarted || (await node!.restStatus('/health')) === undefined;
    return {
      struckAt,
      proof: {
        took: patroni.length > 0 && postmaster !== '' && after === postmaster && silent,
        expected: `Patroni of ${node!.name} (process ${patroni.join(', ') || 'none'}) killed, postmaster ${postmaster || 'none'} left alone`,
        found: `Patroni is gone; postmaster ${after || 'gone'}${silent ? '' : '; the REST API answers'}`,
      },
    };
  },
  async undo({ cluster, options, struck }) {
    if (options.restarted) return 'the supervisor had started Patroni again';
    for (const node of victimsNamed(cluster, 'leader', struck).nodes) await moveConfig(node, 'back');
    return `Patroni of ${struck.join(', ')} may start again`;
  },
});

async function patroniPids(node: PatroniNode): Promise<string[]> {
  const { stdout } = await node.exec(['pgrep', '-f', node.patroniCommand], { check: false });
  return stdout.split('\n').filter((pid) => pid !== '');
}

/** Process id and start time of the postmaster, as it notes them itself (`postmaster.pid`); empty without one. */
async function postmasterOf(node: PatroniNode): Promise<string> {
  const script =
    'pid=$(head -n 1 "$1/postmaster.pid") && [ -e "/proc/$pid" ] && sed -n "1p;3p" "$1/postmaster.pid" | paste -sd " "';
  return (await node.exec(['sh', '-c', script, 'sh', node.dataDir], { check: false })).stdout.trim();
}

/** The supervisor starts a script that waits until the file is there (docker/README.md). Idempotent. */
async function moveConfig(node: PatroniNode, where: 'away' | 'back'): Promise<void> {
  const { configFile } = node.places;
  const [from, to] = where === 'away' ? [configFile, `${configFile}.disabled`] : [`${configFile}.disabled`, configFile];
  await node.exec(['sh', '-c', '[ ! -e "$1" ] || mv "$1" "$2"', 'sh', from, to]);
}
