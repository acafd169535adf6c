/**
 * A record as JSON for people and programs: two spaces, a line break at the end. A verdict is written by
 * `canonicalJson` of the checks instead, which also sorts the keys.
 */
export function renderJson(record: unknown): string {
  return `${JSON.stringify(record, null, 2)}\n`;
}
