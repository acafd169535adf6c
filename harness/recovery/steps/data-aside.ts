import type { PatroniNode } from '../../cluster/patroni-node';
import { keptDirectory } from '../plan/step-parts';

/**
 * A data directory with all that belongs to it: tablespaces and a pg_wal that lies elsewhere are links in it (PostgreSQL
 * documentation, 73.1 "Database File Layout"), and what they lead to moves, and is emptied, with it. Each place is put
 * aside under its own name with the recovery's behind it, on its own file system: a rename.
 *
 * $1 the data directory, $2 what is put behind a name. Every function may be cut off anywhere and be run again.
 */
const places = `data=$1; mark=$2; kept=$data$mark
links() { for link in "$1"/pg_tblspc/* "$1"/pg_wal; do [ -L "$link" ] && readlink "$link"; done; true; }
like() { mkdir -p "$1" && chown --reference="$2" "$1" && chmod --reference="$2" "$1"; }
`;

/**
 * What lies there once it is kept aside is an earlier try's. In its place an empty directory is left: replay of CREATE
 * TABLESPACE, and a base backup, need the location to be there.
 */
const putAsideScript = `${places}
if [ -e "$kept" ]; then
  links "$kept" | while read -r place; do [ -e "$place$mark" ] && rm -rf "$place" && like "$place" "$place$mark"; done
  rm -rf "$data"
elif [ -e "$data" ]; then
  links "$data" | while read -r place; do
    [ -e "$place$mark" ] || [ ! -e "$place" ] || mv "$place" "$place$mark"
    [ -e "$place$mark" ] && like "$place" "$place$mark"
  done
  mv "$data" "$kept"
fi`;

const putBackScript = `${places}
from=$kept; [ -e "$kept" ] || from=$data
links "$from" | while read -r place; do [ -e "$place$mark" ] && rm -rf "$place" && mv "$place$mark" "$place"; done
if [ -e "$kept" ]; then rm -rf "$data" && mv "$kept" "$data" && echo back; fi`;

const emptyScript = `${places}
links "$data" | while read -r place; do [ -d "$place" ] && find "$place" -mindepth 1 -delete; done
rm -rf "$data"`;

const removeScript = `${places}
links "$kept" | while read -r place; do rm -rf "$place$mark"; done
rm -rf "$kept"`;

/** Moves a member's data aside, for the time of a recovery. */
export async function putAside(node: PatroniNode, id: string): Promise<void> {
  await run(node, id, putAsideScript);
}

/** Puts back what was moved aside. @returns whether there was anything */
export async function putBackData(node: PatroniNode, id: string): Promise<boolean> {
  return (await run(node, id, putBackScript)).includes('back');
}

/** Removes a member's data. */
export async function emptyData(node: PatroniNode, id: string): Promise<void> {
  await run(node, id, emptyScript);
}

/** Removes what was moved aside. */
export async function removeAside(node: PatroniNode, id: string): Promise<void> {
  await run(node, id, removeScript);
}

async function run(node: PatroniNode, id: string, script: string): Promise<string> {
  const mark = keptDirectory('', id);
  return (await node.exec(['sh', '-c', script, 'sh', node.dataDir, mark])).stdout;
}
