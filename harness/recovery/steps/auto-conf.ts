/**
 * `postgresql.auto.conf`, read and written whole. Text edits would meet comment lines that an earlier recovery left in
 * the file, and the next start would end with "syntax error in file …". Lines are `name = 'value'` with quotes doubled
 * and backslash escapes (guc-file.l, GUC_scanstr); comments are dropped.
 */
export function parseAutoConf(text: string): Record<string, string> {
  const settings: Record<string, string> = {};
  for (const line of text.split('\n')) {
    const match = /^\s*([A-Za-z_][\w.$]*)\s*=?\s*(?:'((?:[^'\\]|''|\\.)*)'|([^\s#']+))\s*(?:#.*)?$/.exec(line);
    if (!match?.[1]) continue;
    const quoted = match[2]?.replaceAll("''", "'").replaceAll(/\\(.)/g, '$1');
    settings[match[1]] = quoted ?? match[3] ?? '';
  }
  return settings;
}

/** The text of a postgresql.auto.conf with exactly these settings. */
export function renderAutoConf(settings: Readonly<Record<string, string>>): string {
  const lines = Object.entries(settings).map(
    ([name, value]) => `${name} = '${value.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`,
  );
  return ['# Written whole by a recovery; do not edit: ALTER SYSTEM does.', ...lines, ''].join('\n');
}

/** Settings without those that tell a server to recover, or that Barman puts there to keep it from archiving. */
export function withoutRecovery(settings: Readonly<Record<string, string>>): Record<string, string> {
  const gone =
    /^(recovery_|restore_command$|archive_cleanup_command$|archive_command$|archive_mode$|primary_(conninfo|slot_name)$)/;
  return Object.fromEntries(Object.entries(settings).filter(([name]) => !gone.test(name)));
}
