import { z } from 'zod';
import { backupTablespaces } from '../formats/backup-tablespaces';
import type { BackupRef } from '../record/backup-ref';
import { PgdrillError } from '../record/errors';

/**
 * Barman's own JSON (`barman -f json …`), read by shape. The same keys from 3.4 to 3.20; anything else in it is left alone.
 */
const backupInformation = z.object({
  backup_id: z.string(),
  status: z.string(),
  /** Missing on Barman 3.4. */
  system_id: z.string().optional(),
  base_backup_information: z.object({
    timeline: z.number().int(),
    begin_wal: z.string(),
    end_wal: z.string(),
    begin_lsn: z.string(),
    end_lsn: z.string(),
    begin_time: z.string(),
    end_time: z.string(),
    disk_usage_bytes: z.number().optional(),
  }),
});

const backupMade = z.object({ backup_id: z.string().optional(), _ERROR: z.array(z.string()).optional() });
const backupList = z.array(z.object({ backup_id: z.string(), status: z.string() }));
const checkItem = z.object({ status: z.string(), hint: z.string().optional() });

/** One line of `barman check` that is not OK. */
export interface FailingCheck {
  name: string;
  hint: string;
}

/**
 * Reads `barman -f json show-backup`.
 * @param info the backup's `backup.info`, parsed, for what the JSON of older releases does not have
 * @throws PGDRILL_BARMAN_OUTPUT
 */
export function parseShowBackup(server: string, output: unknown, info: Readonly<Record<string, string>>): BackupRef {
  const backup = read(backupInformation, server, output, 'show-backup');
  const base = backup.base_backup_information;
  const tablespaces = backupTablespaces(info.tablespaces);
  return {
    server,
    id: backup.backup_id,
    status: backup.status,
    systemIdentifier: backup.system_id ?? info.systemid ?? '0',
    timeline: base.timeline,
    beginLsn: base.begin_lsn,
    endLsn: base.end_lsn,
    beginWal: base.begin_wal,
    endWal: base.end_wal,
    beginTime: base.begin_time,
    endTime: base.end_time,
    ...(base.disk_usage_bytes === undefined ? {} : { bytes: String(base.disk_usage_bytes) }),
    ...(tablespaces.length > 0 ? { tablespaces } : {}),
  };
}

/** Reads `barman -f json backup`: the new backup's id, or Barman's own words about why there is none. */
export function parseBackupMade(text: string): { id: string } | { refusal: string } {
  try {
    const output = backupMade.parse(JSON.parse(text));
    if (output.backup_id !== undefined) return { id: output.backup_id };
    return { refusal: (output._ERROR ?? []).join('; ') || text.trim().slice(-500) };
  } catch {
    return { refusal: text.trim().slice(-500) };
  }
}

/** Reads `barman -f json list-backups`: newest first, as Barman prints it. @throws PGDRILL_BARMAN_OUTPUT */
export function parseListBackups(server: string, output: unknown): { id: string; status: string }[] {
  return read(backupList, server, output, 'list-backups').map((item) => ({ id: item.backup_id, status: item.status }));
}

/** Reads `barman -f json check`: what is not OK. @throws PGDRILL_BARMAN_OUTPUT */
export function parseCheck(server: string, output: unknown): FailingCheck[] {
  const items = read(z.record(z.string(), checkItem), server, output, 'check');
  return Object.entries(items)
    .filter(([, item]) => item.status !== 'OK')
    .map(([name, item]) => ({ name: name.replaceAll('_', ' '), hint: item.hint ?? '' }));
}

function read<T>(schema: z.ZodType<T>, server: string, output: unknown, command: string): T {
  const parsed = z.record(z.string(), z.unknown()).safeParse(output);
  const result = schema.safeParse(parsed.success ? parsed.data[server] : undefined);
  if (result.success) return result.data;
  throw new PgdrillError(
    'PGDRILL_BARMAN_OUTPUT',
    `barman ${command} printed JSON of another form than expected: ${JSON.stringify(output).slice(0, 300)}`,
    'check that the release of Barman is one of docs/stacks.md',
    { cause: result.error },
  );
}
