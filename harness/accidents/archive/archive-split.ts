import { z } from 'zod';
import { nowText } from '../../run/recorder';
import { defineAccident } from '../define-accident';
import { noteArchiveCommand, putArchiveCommandBack } from './archive-command';
import { inItsOwnFolder, lacksOwnFolder, leadElsewhere, noteOwnFolders, OWN_FOLDERS } from './split';

export const archiveSplit = defineAccident({
  name: 'archive-split',
  family: 'archive',
  title: 'each member archives to a place of its own, and another one leads',
  does: 'Has each member but the leader archive into a folder of its own, as with one Barman server for each host, then switches over. The archive goes on in two places: neither has the whole way.',
  strikes: ['every-member'],
  options: z.object({}),
  proof: "a segment of the new leader, counted as archived, lies in that member's folder and never came to Barman's",
  undone: "the old archive_command is put back, and what lies in the members' folders is handed to Barman",
  neverTouches: 'what Barman holds, receive-wal',
  lacks: (context) => lacksOwnFolder(context),
  async prepare(context) {
    return { ...(await noteArchiveCommand(context.cluster)), ...(await noteOwnFolders(context)) };
  },
  async strike(context, _victims, _options, notes) {
    const { barman } = context.cluster;
    const folders = notes[OWN_FOLDERS]!.split(' ');
    await barman.exec(['install', '-d', '-o', barman.user, '-m', '0700', ...folders.map((one) => `${one}/incoming`)]);
    const struckAt = nowText();
    const leader = await leadElsewhere(context);
    const segment = await inItsOwnFolder(context, leader);
    return {
      struckAt,
      proof: {
        took: segment !== undefined,
        expected: `a segment of ${leader.name} in a folder of its own, and not at Barman`,
        found: segment === undefined ? 'it came to Barman' : `${segment} is there`,
      },
      ...(segment === undefined ? {} : { noted: { 'stray segment': segment } }),
    };
  },
  async undo({ run, cluster, notes }) {
    const { barman } = cluster;
    const done = await putArchiveCommandBack(run, cluster, notes);
    const folders = (notes[OWN_FOLDERS] ?? '').split(' ').filter(Boolean);
    // Barman compares what it has already, and files the rest.
    const script =
      'incoming=$1; shift; count=0; for folder; do for file in "$folder"/incoming/*; do [ -e "$file" ] || continue; mv -n "$file" "$incoming/" && count=$((count + 1)); done; rm -rf "$folder"; done; echo "$count"';
    const { stdout } = await barman.exec(['sh', '-c', script, 'sh', `${barman.home}/incoming`, ...folders]);
    return `${done}; ${stdout.trim()} files handed to Barman`;
  },
});
