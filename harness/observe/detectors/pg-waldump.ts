import { archivedFiles } from '../../backup/wal-archive';
import { parseWalName } from '../../formats/wal-name';
import type { Complaint, Detector } from './detector';

/**
 * Segments lie in folders of 256; each timeline's own run of them is read for itself, so that a change of timeline is no
 * hole.
 */
export const pgWaldump: Detector = {
  name: 'pg-waldump',
  head: 'wal',
  title: 'pg_waldump --quiet over the archive, from the base backup on',
  wants: "the server's programs on Barman's host; reads the archived WAL",
  async look({ cluster: { barman }, backup }) {
    const { segments } = await archivedFiles(barman);
    const complaints: Complaint[] = [];
    let code = 0;
    for (const [folder, names] of byFolder(segments.filter((name) => isFrom(name, backup.beginWal)))) {
      // What the catalogue names at the begin of the backup must be there, whatever else is.
      const first = folder === backup.beginWal.slice(0, 16) ? backup.beginWal : names[0]!;
      const { exitCode, stderr } = await barman.exec(
        [
          'env',
          'LC_ALL=C',
          barman.program('pg_waldump'),
          '--quiet',
          '-p',
          `${barman.home}/wals/${folder}`,
          first,
          names.at(-1)!,
        ],
        { user: barman.user, check: false, deadline: 'archive checked' },
      );
      // Archived segments are whole: also "nothing was written here" is damage.
      if (exitCode === 0) continue;
      code = exitCode;
      complaints.push({ text: stderr.trim().split('\n')[0] ?? `ended with ${exitCode}` });
    }
    return { complaints, code };
  },
};

/** Whether a segment is needed from a backup on: of its timeline from its first one, of later ones all. */
function isFrom(name: string, first: string): boolean {
  const [one, begin] = [parseWalName(name), parseWalName(first)];
  return one.timeline > begin.timeline || (one.timeline === begin.timeline && name >= first);
}

function byFolder(names: readonly string[]): Map<string, string[]> {
  const folders = new Map<string, string[]>();
  for (const name of names) folders.set(name.slice(0, 16), [...(folders.get(name.slice(0, 16)) ?? []), name]);
  return folders;
}
