import { PgdrillError } from '../../record/errors';
import { besideData, keptDirectory } from '../plan/step-parts';
import type { Site } from '../site';

/** A tablespace of the backup: its location, and where it is put first, as the node and as Barman's container see it. */
interface Placed {
  name: string;
  location: string;
  beside: string;
  inBarman: string;
}

/**
 * The tablespaces of the backup, with their places: `barman recover` is told them one by one (`--tablespace NAME:LOCATION`),
 * for its own container has nothing at the node's paths.
 * @throws PGDRILL_TABLESPACES where Barman's container does not mount the data directory
 */
export function placedTablespaces({ cluster, node, backup }: Site): Placed[] {
  const mounted = cluster.barman.pathOf(node.name);
  return (backup.tablespaces ?? []).map(({ name, location }, index) => {
    if (mounted !== undefined) {
      return { name, location, beside: besideData(node.dataDir, index), inBarman: besideData(mounted, index) };
    }
    throw new PgdrillError(
      'PGDRILL_TABLESPACES',
      `backup ${backup.id} has tablespace ${name}, and Barman's container does not share a volume with ${node.name}`,
      'mount the data directory of the member into it, or drop the tablespace before the next backup',
    );
  });
}

/** Makes room for them that Barman can write to. @returns the options of `barman recover` for them */
export async function openTablespaces({ cluster }: Site, placed: readonly Placed[]): Promise<string[]> {
  const { barman } = cluster;
  for (const { inBarman } of placed) {
    // An earlier try's.
    await barman.exec(['rm', '-rf', inBarman]);
    await barman.exec(['install', '-d', '-o', barman.user, '-m', '0700', inBarman]);
  }
  return placed.flatMap(({ name, inBarman }) => ['--tablespace', `${name}:${inBarman}`]);
}

/**
 * Moves the tablespaces to their locations and lets the links of the data directory lead there; and puts pg_wal where the
 * old data directory had it, if that was elsewhere.
 */
export async function relink({ node, plan }: Site, placed: readonly Placed[]): Promise<void> {
  const script = `data=$1 kept=$2 owner=$3; shift 3
while [ $# -gt 0 ]; do
  mkdir -p "$3" && find "$3" -mindepth 1 -delete && mv "$2"/* "$3"/ && rmdir "$2" || exit 1
  for link in "$data"/pg_tblspc/*; do
    if [ -L "$link" ] && [ "$(readlink "$link")" = "$1" ]; then ln -sfn "$3" "$link"; fi
  done
  chown -R "$owner:" "$3"; chmod 0700 "$3"; shift 3
done
if [ -L "$kept/pg_wal" ] && [ ! -L "$data/pg_wal" ]; then
  place=$(readlink "$kept/pg_wal")
  rm -rf "$place" && mv "$data/pg_wal" "$place" && ln -s "$place" "$data/pg_wal" && chown -R "$owner:" "$place"
fi`;
  const places = placed.flatMap(({ inBarman, beside, location }) => [inBarman, beside, location]);
  const kept = keptDirectory(node.dataDir, plan.id);
  await node.exec(['sh', '-c', script, 'sh', node.dataDir, kept, node.osUser, ...places]);
}
