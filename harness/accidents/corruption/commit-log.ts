import { z } from 'zod';
import { defineAccident } from '../define-accident';

/** The newest segment, and its size. */
const newest = `cd "$1" && file=$(ls | grep -E '^[0-9A-F]{4,}$' | tail -n 1) && echo "$file $(stat -c %s "$file")"`;
/** The server first: it would write what it has of the segment in memory back with the next checkpoint. */
const strike = `pkill -KILL -x postgres; cd "$1" || exit 1
case $3 in truncated) : > "$2";; zeroed) head -c "$4" /dev/zero > "$2";; removed) rm "$2";; esac
sync -f .`;
/** What is left of the segment: its size, and how many of its bytes are not nought. */
const look = `cd "$1" && [ -e "$2" ] && echo "$(stat -c %s "$2") $(tr -d '\\0' < "$2" | wc -c)"; true`;

export const commitLog = defineAccident({
  name: 'commit-log',
  family: 'corruption',
  title: 'newest segment of pg_xact spoiled, and the server killed',
  does: 'The server is killed and the newest segment of pg_xact, which tells of each transaction whether it was committed, is cut to nothing, zeroed or removed. Cut to nothing, it does not start again ("could not access status of transaction"); zeroed, or made anew by crash recovery, it says of older transactions that they never ended.',
  strikes: ['leader', 'replica'],
  options: z.object({
    how: z.enum(['truncated', 'zeroed', 'removed']).default('truncated').describe('what becomes of the segment'),
  }),
  stopsWrites: true,
  proof: 'the segment on disk is empty, holds nothing but noughts, or is gone',
  undone: 'not: the member is copied anew from another one',
  neverTouches: 'the rest of the data directory, other members',
  async strike({ deal }, { nodes: [node] }, { how }) {
    const folder = `${node!.dataDir}/pg_xact`;
    const there = (await node!.exec(['sh', '-c', newest, 'sh', folder])).stdout.trim();
    const [file = '', before = '0'] = there.split(' ');
    await deal(() => node!.exec(['sh', '-c', strike, 'sh', folder, file, how, before]));
    const left = (await node!.exec(['sh', '-c', look, 'sh', folder, file])).stdout.trim();
    const [size, written] = left.split(' ').map(Number);
    const took = { truncated: size === 0, zeroed: (size ?? 0) > 0 && written === 0, removed: left === '' }[how];
    return {
      proof: {
        took: took && Number(before) > 0,
        expected: `pg_xact/${file} of ${node!.name}, ${before} bytes, ${how}`,
        found: left === '' ? 'it is not there' : `${size} bytes, ${written} of them not nought`,
      },
      noted: { segment: file },
    };
  },
});
