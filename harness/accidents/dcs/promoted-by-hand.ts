import { z } from 'zod';
import { nowText } from '../../run/recorder';
import { until } from '../../run/until';
import { defineAccident } from '../define-accident';

export const promotedByHand = defineAccident({
  name: 'promoted-by-hand',
  family: 'dcs',
  title: 'a replica promoted by hand beside the leader',
  does: '`pg_ctl promote` on a replica whose Patroni runs and has no leader key. Patroni finds a primary without the key, stops it at once and lets it follow the leader again; its timeline may have reached the archive by then.',
  strikes: ['replica'],
  options: z.object({}),
  proof: 'its server log says which timeline it chose',
  undone: 'Patroni demotes it; what its timeline left in the archive is for a cure',
  neverTouches: "the leader, etcd's keys",
  async strike({ run, deal }, { nodes: [node] }) {
    const logBefore = (await node!.serverLog()).length;
    const struckAt = nowText();
    const promote = [`${node!.binDir}/pg_ctl`, 'promote', '-D', node!.dataDir, '--no-wait'];
    await deal(() => node!.exec(promote, { user: node!.osUser }));
    const [, chosen = ''] = await until('accident proven', run, async () =>
      /selected new timeline ID: (\d+)/.exec((await node!.serverLog()).slice(logBefore)),
    );
    return {
      struckAt,
      noted: { [handTimelineNote]: chosen },
      proof: { took: true, expected: `${node!.name} is promoted`, found: `selected new timeline ID: ${chosen}` },
    };
  },
});

/** Under which name the timeline that was begun by hand is noted. */
export const handTimelineNote = 'timeline begun by hand';
