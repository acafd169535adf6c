import { newComplaints, type Detector, type Look } from './detector';
import { wordsOf } from './program-words';

/**
 * pg_checksums wants a cluster that was shut down, and says so of any other. A copy is made to look like one by
 * pg_resetwal: its pages stay as they are on the disk of the running member.
 */
const script = `
copy=$(mktemp -d) && trap 'rm -rf "$copy"' EXIT && cd "$1" || exit 99
tar --exclude=./pg_wal --exclude=./postmaster.pid -cf - . 2> /dev/null | tar -C "$copy" -xf - || exit 99
chmod 700 "$copy" && mkdir -p "$copy/pg_wal/archive_status" || exit 99
"$2/pg_resetwal" -f -D "$copy" > /dev/null 2> "$copy.words" || { sed -n "s|$copy/||g; /error/p" "$copy.words" >&2; rm -f "$copy.words"; exit 1; }
rm -f "$copy.words"
"$2/pg_checksums" --check -D "$copy" 2>&1 > /dev/null | sed "s|$copy/||g" >&2
exit "\${PIPESTATUS[0]}"`;

export const pgChecksums: Detector = {
  name: 'pg-checksums',
  head: 'chk',
  title: "pg_checksums --check of a copy of the member's files",
  wants: 'a copy, for it refuses a running member: "cluster must be shut down"',
  ofMember: true,
  async look({ node }) {
    const once = async (): Promise<Look> =>
      wordsOf(
        await node.exec(['env', 'LC_ALL=C', 'bash', '-c', script, 'bash', node.dataDir, node.binDir], {
          user: node.osUser,
          check: false,
        }),
      );
    const first = await once();
    if (first.complaints.length === 0) return first;
    // A page that is written while it is copied is torn in this copy, and sound in the next one.
    const second = await once();
    const passing = newComplaints(first, second);
    const kept = second.complaints.filter((complaint) => !passing.includes(complaint));
    return kept.length > 0 ? { ...second, complaints: kept } : { complaints: [], code: 0 };
  },
};
