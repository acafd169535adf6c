/**
 * Barman's `backup.info`: one `key=value` a line, values as Python prints them (barman/infofile.py). Read for what
 * `barman -f json show-backup` leaves out before 3.5: the system identifier.
 */
export function parseBackupInfo(text: string): Record<string, string> {
  const fields: Record<string, string> = {};
  for (const line of text.split('\n')) {
    const at = line.indexOf('=');
    if (at > 0) fields[line.slice(0, at)] = line.slice(at + 1);
  }
  return fields;
}
