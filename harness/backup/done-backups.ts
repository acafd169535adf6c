import { parseBackupInfo } from '../formats/backup-info';
import { backupTablespaces } from '../formats/backup-tablespaces';
import { namedParts } from '../formats/named-parts';
import { backupRefSchema, type BackupRef } from '../record/backup-ref';
import { PgdrillError } from '../record/errors';

/**
 * Reads several `backup.info`, each behind a line "== <path>": the backups that are DONE, newest first as Barman lists them.
 * @throws PGDRILL_BARMAN_OUTPUT where one of these does not say what a recovery needs of it
 */
export function parseDoneBackups(server: string, text: string): BackupRef[] {
  const found = [...namedParts(text, /\/.*/).parts]
    .map(([path, info]) => ({ path, info: parseBackupInfo(info) }))
    .filter(({ info }) => info.status === 'DONE')
    .map(({ path, info }) => backupOf(server, path, info));
  return found.sort((a, b) => (a.id < b.id ? 1 : -1));
}

function backupOf(server: string, path: string, info: Readonly<Record<string, string>>): BackupRef {
  const tablespaces = backupTablespaces(info.tablespaces);
  const read = backupRefSchema.safeParse({
    server,
    id: path.split('/').at(-2),
    status: info.status,
    systemIdentifier: info.systemid ?? '0',
    timeline: Number(info.timeline),
    beginLsn: info.begin_xlog,
    endLsn: info.end_xlog,
    beginWal: info.begin_wal,
    endWal: info.end_wal,
    beginTime: info.begin_time,
    endTime: info.end_time,
    ...(/^\d+$/.test(info.size ?? '') ? { bytes: info.size } : {}),
    ...(tablespaces.length > 0 ? { tablespaces } : {}),
  });
  if (read.success) return read.data;
  throw new PgdrillError(
    'PGDRILL_BARMAN_OUTPUT',
    `${path} does not describe a base backup: ${read.error.issues.map((issue) => issue.path.join('.')).join(', ')}`,
    'look at it with "barman show-backup"; where it is damaged, "barman delete" takes the backup out of the way',
    { cause: read.error },
  );
}
