import { z } from 'zod';
import { listBackups } from '../../backup/base-backup';
import { verifyBackup } from '../../backup/verify-backup';
import { PgdrillError } from '../../record/errors';
import { defineAccident } from '../define-accident';
import { flipByte, readByte } from './flip-byte';

/** Data files of two pages and more, by their path below the backup. */
const list = `cd "$1" && find base -type f -regextype posix-extended -regex '.*/[0-9]+' -size +31 -printf '%p %s\\n' | sort`;

export const backupFile = defineAccident({
  name: 'backup-file',
  family: 'corruption',
  title: 'byte of a base backup flipped',
  does: 'One byte of a data file of a base backup becomes another, where Barman keeps it. `barman check` and `barman check-backup` see nothing; the manifest tells (pg_verifybackup, `barman verify-backup`).',
  strikes: ['barman'],
  options: z.object({
    backup: z.string().optional().describe('Barman’s id of it; default the newest'),
    file: z.string().optional().describe('path of the file below the data directory; default by the seed'),
  }),
  proof: 'pg_verifybackup names the file',
  undone: 'the byte as it was, where it is still the flipped one',
  neverTouches: 'other backups, the WAL archive, the cluster',
  async prepare({ run, cluster }, _, { backup: named, file: asked }) {
    const { barman } = cluster;
    const ids = (await listBackups(cluster)).filter(({ status }) => status === 'DONE').map(({ id }) => id);
    const backup = named ?? ids.sort().at(-1);
    if (backup === undefined) throw nothing('Barman has no finished backup');
    const data = `${barman.home}/base/${backup}/data`;
    const { stdout } = await barman.exec(['sh', '-c', list, 'sh', data]);
    const files = stdout
      .trim()
      .split('\n')
      .map((line) => line.split(' ') as [string, string]);
    const random = run.random.derive(`file of backup ${backup}`);
    const found =
      asked === undefined ? files[random.integer(0, files.length - 1)] : files.find(([path]) => path === asked);
    if (!found?.[1]) throw nothing(`backup ${backup} has no data file ${asked ?? ''}`);
    const [file, size] = found;
    const offset = random.integer(0, Number(size) - 1);
    const byte = await readByte(barman, `${data}/${file}`, offset);
    return { backup, path: `${data}/${file}`, file, offset: String(offset), byte: String(byte) };
  },
  async strike({ cluster: { barman }, deal }, _, __, { backup, path, file, offset, byte }) {
    await deal(() => flipByte(barman, path!, Number(offset), Number(byte) ^ 0xff));
    const { sound, problems } = await verifyBackup(barman, backup!);
    return {
      proof: {
        took: !sound && problems.some((line) => line.includes(file!)),
        expected: `byte ${offset} of ${file} of backup ${backup} is another`,
        found: problems[0] ?? 'the backup is as its manifest says',
      },
      noted: { backup: backup!, file: file! },
    };
  },
  async undo({ cluster: { barman }, notes: { path, file, backup, offset, byte } }) {
    const { exitCode } = await barman.exec(['test', '-e', path!], { check: false });
    const now = exitCode === 0 ? await readByte(barman, path!, Number(offset)) : undefined;
    if (now !== (Number(byte) ^ 0xff)) return `${file} of backup ${backup} is not flipped any more`;
    await flipByte(barman, path!, Number(offset), Number(byte));
    return `${file} of backup ${backup} is as it was`;
  },
});

function nothing(what: string): PgdrillError {
  return new PgdrillError('PGDRILL_BACKUP_UNKNOWN', what, 'name another one, or make a backup first');
}
