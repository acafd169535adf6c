import { z } from 'zod';
import { heldHistories } from '../../backup/wal-archive';
import { historyNameOf } from '../../formats/wal-name';
import { defineAccident } from '../define-accident';

/** Taken out of the archive and of its list, where it is what was put there. */
const takeOut = `cd "$1" || exit 0; found=0
for file in "wals/$2" "incoming/$2"; do
  if [ "$(cat "$file" 2>/dev/null)" = "$3" ]; then rm -f "$file"; found=1; fi
done
echo $found`;

export const futureHistory = defineAccident({
  name: 'future-history',
  family: 'archive',
  title: 'the archive has the history of a timeline that never was',
  does: "Hands Barman a history file of the timeline after the leader's, which is said to have branched off at the very begin of the WAL: as left behind by another cluster with the same archive, or by a recovery that was given up. A recovery to the timeline `latest` goes there.",
  strikes: ['barman'],
  options: z.object({}),
  proof: '`barman get-wal` hands it out, and no member has such a timeline',
  undone: 'the history file is taken out of the archive',
  neverTouches: 'segments, histories of timelines that were',
  async prepare({ cluster }) {
    const leader = await cluster.leader();
    const timeline = await leader.writtenTimeline();
    const histories = await heldHistories(cluster.barman);
    const next = Math.max(timeline, ...histories.map((one) => one.timeline)) + 1;
    const segmentSize = await leader.segmentSize();
    const lsn = `0/${segmentSize.toString(16).toUpperCase()}`;
    return { name: historyNameOf(next), text: `${timeline}\t${lsn}\tno recovery target specified` };
  },
  async strike({ cluster, deal }, _victims, _options, { name, text }) {
    const { barman } = cluster;
    const incoming = `${barman.home}/incoming/${name}`;
    const write = ['sh', '-c', 'printf "%s\\n" "$2" > "$1"', 'sh', incoming, text!];
    await deal(() => barman.exec(write, { user: barman.user }));
    await barman.barman(['archive-wal', barman.server], { check: false });
    const got = await barman.barman(['get-wal', barman.server, name!], { check: false });
    const members = await Promise.all(
      cluster.nodes.map(async (node) => {
        const { exitCode } = await node.exec(['test', '-e', `${node.dataDir}/pg_wal/${name}`], { check: false });
        return exitCode === 0 ? [node.name] : [];
      }),
    );
    const has = members.flat();
    return {
      proof: {
        took: got.stdout.trim() === text && has.length === 0,
        expected: `${name} handed out by Barman, and on no member`,
        found: `${got.stdout.trim().replaceAll('\t', ' ') || 'not handed out'}; on ${has.join(', ') || 'none'}`,
      },
      noted: { 'future history': name! },
    };
  },
  async undo({ cluster, notes }) {
    const { name, text } = notes;
    if (name === undefined || text === undefined) return 'nothing had been handed over';
    const { barman } = cluster;
    const { stdout } = await barman.exec(['sh', '-c', takeOut, 'sh', barman.home, name, text]);
    if (stdout.trim() !== '1') return `${name} is not there, or another one`;
    await barman.barman(['rebuild-xlogdb', barman.server]);
    return `${name} is gone from the archive`;
  },
});
