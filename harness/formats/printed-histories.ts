import { namedParts } from './named-parts';
import { parseWalName } from './wal-name';

/**
 * Reads timeline histories that a script printed, each behind a line "== <name or path of the file>" and with a line end after it.
 * @returns texts as the files have them; one number twice where it was printed by two paths
 */
export function printedHistories(text: string): { timeline: number; text: string }[] {
  return [...namedParts(text, /(?:\/.*\/)?[0-9A-F]{8}\.history/).parts].map(([name, history]) => ({
    timeline: parseWalName(name.slice(name.lastIndexOf('/') + 1)).timeline,
    text: history.replace(/\n$/, ''),
  }));
}
