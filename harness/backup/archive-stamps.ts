import type { BarmanServer } from '../cluster/barman-server';

/** One file of an archive at one moment: its bytes, and what changes whenever it is written, replaced or renamed. */
export interface FileStamp {
  bytes: string;
  stamp: string;
}

/** Files of an archive at one moment, by their path below the server's folder. */
export type ArchiveStamps = Readonly<Record<string, FileStamp>>;

/**
 * The archived files that a recovery reads: everything with a WAL name, and the files of one backup but those that Barman
 * writes anew by itself (backup.info). Nothing of them is read: an archive of any size takes as long as its listing.
 *
 * The stamp is inode and change time. No program can set a file's change time: the kernel moves it on with every write,
 * truncation, rename and change of attributes (POSIX, "File Times Update").
 */
const LIST = `cd "$1"
find wals -type f -regextype posix-extended \
  -regex '.*/[0-9A-F]{8}([0-9A-F]{16}([.]partial|[.][0-9A-F]{8}[.]backup)?|[.]history)' -printf '%s %i %C@ %p\n'
find "base/$2" -mindepth 2 -type f -printf '%s %i %C@ %p\n'`;

/** @param backup id of the backup whose files belong to it @throws PGDRILL_COMMAND_FAILED with what could not be listed */
export async function stampArchive(barman: BarmanServer, backup: string): Promise<ArchiveStamps> {
  const { stdout } = await barman.exec(['bash', '-c', LIST, 'bash', barman.home, backup], {
    user: barman.user,
    deadline: 'archive read',
  });
  return parseStamps(stdout);
}

/** Reads lines of `find -printf '%s %i %C@ %p'`. */
export function parseStamps(text: string): ArchiveStamps {
  const lines = text.split('\n').flatMap((line) => {
    const [, bytes, stamp, path] = /^(\d+) (\d+ [\d.]+) (.+)$/.exec(line) ?? [];
    return bytes === undefined || stamp === undefined || path === undefined ? [] : [[path, { bytes, stamp }] as const];
  });
  return Object.fromEntries(lines);
}

/** What a later look does not find as it was. A file that came to it since is no change: an archive grows. */
export function compareStamps(before: ArchiveStamps, now: ArchiveStamps): { changed: string[]; gone: string[] } {
  const paths = Object.keys(before).sort();
  return {
    gone: paths.filter((path) => now[path] === undefined),
    changed: paths.filter((path) => now[path] !== undefined && !same(before[path], now[path])),
  };
}

function same(a: FileStamp | undefined, b: FileStamp | undefined): boolean {
  return a?.bytes === b?.bytes && a?.stamp === b?.stamp;
}
