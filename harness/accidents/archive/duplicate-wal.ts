import { z } from 'zod';
import { checkServer } from '../../backup/base-backup';
import { archivedFiles } from '../../backup/wal-archive';
import { defineAccident } from '../define-accident';

/** A copy of an archived segment with its last byte changed, handed over as archive_command does: under another name first. */
const hand = `import os, shutil, sys
wals, incoming, name = sys.argv[1:]
part = incoming + '/.' + name
shutil.copyfile(wals + '/' + name[:16] + '/' + name, part)
with open(part, 'r+b') as file:
    file.seek(-1, 2); byte = file.read(1)[0]; file.seek(-1, 2); file.write(bytes([byte ^ 1]))
os.rename(part, incoming + '/' + name)`;

/** What is left of it, told from a late copy of the segment itself by its content. */
const takeBack = `cd "$1"; rm -f errors/"$2".*.duplicate "incoming/.$2"
cmp -s "incoming/$2" "wals/$(echo "$2" | cut -c1-16)/$2" || rm -f "incoming/$2"`;

export const duplicateWal = defineAccident({
  name: 'duplicate-wal',
  family: 'archive',
  title: 'a segment of the same name and another content is handed to Barman',
  does: 'Copies a segment that is in the archive, changes one byte and puts it into `incoming`, as a second leader or a cluster with the same archive would; then has Barman archive it. Barman keeps the first, moves the second to `errors`, and ends with 0.',
  strikes: ['barman'],
  options: z.object({}),
  proof: "the file lies in Barman's `errors`, and `barman check` says so",
  undone: 'the copy is taken out of `errors`',
  neverTouches: 'what is archived',
  async lacks({ cluster }) {
    const { segments } = await archivedFiles(cluster.barman);
    return segments.length === 0 ? 'the archive has no segment' : undefined;
  },
  async prepare({ cluster }) {
    const { segments } = await archivedFiles(cluster.barman);
    return { segment: segments.at(-1)! };
  },
  async strike({ cluster, deal }, _victims, _options, { segment }) {
    const { barman } = cluster;
    const places = [`${barman.home}/wals`, `${barman.home}/incoming`, segment!];
    await deal(() => barman.exec(['python3', '-c', hand, ...places], { user: barman.user }));
    const { exitCode, stdout } = await barman.barman(['archive-wal', barman.server], { check: false });
    const { stdout: errors } = await barman.exec(['ls', `${barman.home}/errors`], { check: false });
    const moved = errors.split('\n').find((name) => name.startsWith(`${segment}.`));
    const line = (await checkServer(cluster)).find(({ name }) => name === 'archiver errors');
    return {
      proof: {
        took: moved !== undefined && line !== undefined,
        expected: `${segment} in errors, and archiver errors in barman check`,
        found: `${moved ?? 'not there'}, ${line ? `archiver errors (${line.hint})` : 'no archiver errors'}`,
      },
      noted: {
        'duplicate segment': segment!,
        'barman archive-wal': `ended with ${exitCode}: ${
          stdout
            .split('\n')
            .find((text) => text.includes('Error:'))
            ?.trim() ?? stdout.trim()
        }`,
      },
    };
  },
  async undo({ cluster, notes }) {
    const { segment } = notes;
    if (segment === undefined) return 'nothing had been handed over';
    const { barman } = cluster;
    await barman.exec(['sh', '-c', takeBack, 'sh', barman.home, segment]);
    return `the other ${segment} is gone from errors`;
  },
});
