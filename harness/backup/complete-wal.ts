import type { Cluster } from '../cluster/cluster';
import type { PatroniNode } from '../cluster/patroni-node';

/**
 * Of the arguments after the fourth, the segments that lie whole and plain in the archive and not yet beside the data; then every
 * history file. Bytes of a segment tell a plain one from a compressed one. One copy each, and no program started for each.
 */
const script = `wals=$1 beside=$2 bytes=$3 owner=$4 count=0
shift 4
[ -d "$beside" ] && cd "$wals" || exit 0
for name; do
  file="\${name:0:16}/$name"
  [ -e "$beside/$name" ] || [ "$(stat -c %s "$file" 2>/dev/null)" != "$bytes" ] || { cp "$file" "$beside/.part" && mv "$beside/.part" "$beside/$name" && count=$((count + 1)); }
done
for file in *.history; do
  if [ -e "$file" ] && [ ! -e "$beside/$file" ] && grep -qE '^[0-9]+' "$file"; then cp "$file" "$beside/$file"; fi
done
chown -R "$owner" "$beside"; echo $count`;

/**
 * `barman recover` chooses the segments that it copies along by when each was archived, and may leave out the last ones of a
 * target in time: the recovering server would fetch these one by one, at a third of a second each. Where Barman's container mounts
 * the member's place they are added, together with the histories; where Barman copied none, they are to be fetched.
 * @param request.segmentSize bytes
 * @returns how many segments were added
 */
export async function completeWal(
  { barman }: Cluster,
  { node, segments, segmentSize }: { node: PatroniNode; segments: readonly string[]; segmentSize: number },
): Promise<number> {
  const mounted = barman.pathOf(node.name);
  if (mounted === undefined) return 0;
  const beside = `${mounted}/barman_wal`;
  const { stdout: owner } = await node.exec(['stat', '-c', '%u:%g', node.dataDir]);
  const { stdout } = await barman.exec(
    ['bash', '-c', script, 'bash', `${barman.home}/wals`, beside, String(segmentSize), owner.trim(), ...segments],
    { deadline: 'backup recovered' },
  );
  return Number(stdout.trim() || 0);
}
