import { z } from 'zod';
import { archivedFileNames, switchAndArchive } from '../../backup/wal-archive';
import type { BarmanServer } from '../../cluster/barman-server';
import { bothCopiesCame } from '../../operations/archive-gap';
import { defineAccident } from '../define-accident';
import { flipByte, readByte } from './flip-byte';

/** In the first record: it follows the segment's long page header of 40 bytes (xlog_internal.h, XLogLongPageHeaderData). */
const IN_FIRST_RECORD = 60;
/** Where the segment is kept until the accident is undone, beside what Barman knows of. */
const keptFolder = '/var/lib/pgdrill/kept';

export const archivedWal = defineAccident({
  name: 'archived-wal',
  family: 'corruption',
  title: 'archived WAL segment spoiled',
  does: 'One segment of Barman’s archive, with others before and after it, has a byte flipped, is cut in half, removed, or renamed. `barman check` sees nothing. Replay ends there without an error where no target lies behind it: the server opens with the tail missing.',
  strikes: ['barman'],
  options: z.object({
    how: z
      .enum(['flipped', 'truncated', 'removed', 'renamed'])
      .default('flipped')
      .describe('what becomes of the segment'),
    segment: z.string().optional().describe('its name; default one that is finished and archived for it'),
  }),
  proof: 'the file of this name has other bytes, fewer bytes, or is not there',
  undone: 'the segment as it was, from a copy that was kept beside the archive',
  neverTouches: 'other segments, base backups, Barman’s catalogue, the cluster',
  async prepare({ run, cluster }, _, { segment: named }) {
    const { barman } = cluster;
    const segment = named ?? (await oneBetweenOthers());
    const path = (await archivedFileNames(barman)).get(segment) ?? `${barman.home}/wals/${segment}`;
    return { segment, path, kept: `${keptFolder}/${segment}`, sha256: await digest(barman, path) };

    /** Finished for it, as archive_timeout would a little later. */
    async function oneBetweenOthers(): Promise<string> {
      const leader = await cluster.leader();
      await switchAndArchive(run, barman, leader);
      const chosen = await switchAndArchive(run, barman, leader);
      await switchAndArchive(run, barman, leader);
      // Each segment comes twice, by archive_command and by receive-wal: the second would put it back.
      await bothCopiesCame(run, cluster, leader);
      return chosen;
    }
  },
  async strike({ cluster: { barman }, deal }, _, { how }, { segment, path, kept, sha256 }) {
    await barman.exec(['sh', '-c', 'mkdir -p "$1" && cp -p "$2" "$3"', 'sh', keptFolder, path!, kept!]);
    await deal(() => spoil(barman, path!, how));
    const [before, after] = [await sizeOf(barman, kept!), await sizeOf(barman, path!)];
    const sum = after === undefined ? undefined : await digest(barman, path!);
    const took =
      how === 'flipped'
        ? after === before && sum !== sha256
        : how === 'truncated'
          ? after !== undefined && before !== undefined && after < before
          : after === undefined;
    return {
      proof: {
        took,
        expected: `${segment}, ${before} bytes, ${how}`,
        found: after === undefined ? 'it is not there' : `${after} bytes, ${sum === sha256 ? 'the same' : 'others'}`,
      },
      noted: { segment: segment! },
    };
  },
  async undo({ cluster: { barman }, notes: { segment, path, kept, sha256 } }) {
    const now = (await sizeOf(barman, path!)) === undefined ? undefined : await digest(barman, path!);
    const put = now !== sha256 && (await sizeOf(barman, kept!)) !== undefined;
    if (put) await barman.exec(['sh', '-c', 'cp -p "$1" "$2.part" && mv "$2.part" "$2"', 'sh', kept!, path!]);
    await barman.exec(['rm', '-f', `${path!}.bak`, kept!]);
    return put ? `${segment} is as it was` : `${segment} needs nothing`;
  },
});

async function spoil(barman: BarmanServer, path: string, how: string): Promise<void> {
  if (how === 'flipped') {
    await flipByte(barman, path, IN_FIRST_RECORD, (await readByte(barman, path, IN_FIRST_RECORD)) ^ 0xff);
  } else if (how === 'truncated') {
    await barman.exec(['sh', '-c', 'truncate -s $(($(stat -c %s "$1") / 2)) "$1"', 'sh', path]);
  } else if (how === 'removed') {
    await barman.exec(['rm', path]);
  } else {
    await barman.exec(['mv', path, `${path}.bak`]);
  }
}

async function digest(barman: BarmanServer, file: string): Promise<string> {
  return (await barman.exec(['sha256sum', file])).stdout.slice(0, 64);
}

async function sizeOf(barman: BarmanServer, file: string): Promise<number | undefined> {
  const { exitCode, stdout } = await barman.exec(['stat', '-c', '%s', file], { check: false });
  return exitCode === 0 ? Number(stdout.trim()) : undefined;
}
