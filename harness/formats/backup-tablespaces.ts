/** Reads `tablespaces` of Barman's backup.info: a Python list of tuples, `[('fast', 16400, '/srv/fast')]`, or None. */
export function backupTablespaces(text = ''): { name: string; location: string }[] {
  return [...text.matchAll(/\('([^']*)', \d+, '([^']*)'\)/g)].map(([, name = '', location = '']) => ({
    name,
    location,
  }));
}
