/**
 * `postgresql.auto.conf`, read and written whole. Text edits would meet comment lines that an earlier recovery left in
 * the file, and the next start would end with "syntax error in file …". Lines are `name = 'value'` with quotes doubled
 * and backslash escapes (guc-file.l, GUC_scanstr); comments are dropped.
 */
export function parseAutoConf(text: string): Record<string, string> {
  const settings: Record<string, string> = {};
  for (const line of text.split('\n')) {
    const match = /^\s*([A-Za-z_][\w.$]*)(?:\s*=\s*|\s+|(?='))(?:'((?:[^'\\]|''|\\.)*)'|([^\s#'=]+))\s*(?:#.*)?$/.exec(
      line,
    );
    if (!match?.[1]) continue;
    settings[match[1]] = match[2]?.replaceAll(/''|\\([0-7]{1,3}|.)/g, unescaped) ?? match[3] ?? '';
  }
  return settings;
}

const escapes: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };

function unescaped(sequence: string, escape: string | undefined): string {
  if (escape === undefined) return "'";
  if (/^[0-7]/.test(escape)) return String.fromCharCode(Number.parseInt(escape, 8));
  return escapes[escape] ?? escape;
}

/** The text of a postgresql.auto.conf with exactly these settings. */
export function renderAutoConf(settings: Readonly<Record<string, string>>): string {
  const lines = Object.entries(settings).map(([name, value]) => `${name} = '${quotable(value)}'`);
  return ['# Written whole by a recovery; do not edit: ALTER SYSTEM does.', ...lines, ''].join('\n');
}

function quotable(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll("'", "''").replaceAll('\n', '\\n').replaceAll('\r', '\\r');
}

/** Settings without those that tell a server to recover, or that Barman puts there to keep it from archiving. */
export function withoutRecovery(settings: Readonly<Record<string, string>>): Record<string, string> {
  const gone =
    /^(recovery_(target|end_command$|min_apply_delay$)|restore_command$|archive_cleanup_command$|archive_command$|archive_mode$|primary_(conninfo|slot_name)$)/;
  return Object.fromEntries(Object.entries(settings).filter(([name]) => !gone.test(name)));
}
