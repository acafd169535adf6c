import type { MemberEvidence } from '../record/evidence';

type LogLine = NonNullable<MemberEvidence['log']>[number];

/** How many lines of the log a finding shows. */
const LINES = 4;

/** What the server says, in its own words, when it has to do with the matter of a check. */
const MATTER: Record<string, RegExp> = {
  'acknowledged-writes': /recovery stopping|redo done|last completed transaction|selected new timeline|promot/,
  content: /recovery stopping|redo done|invalid page|checksum|could not read|could not open/,
  integrity: /invalid page|page verification|checksum|could not read|could not open|corrupt|index/,
  timeline: /timeline|recovery stopping|archive recovery|promot|system identifier/,
  leader: /promot|recovery target|selected new timeline|entering standby|ready to accept/,
  members: /replication|wal ?receiver|streaming|timeline|WAL stream|could not connect|no pg_hba|shut ?down|terminated/i,
  switchover: /promot|shut ?down|timeline|streaming|replication/i,
};

/** Weights of severities, so that of two lines on the matter the graver is shown. */
const GRAVE: readonly (readonly [RegExp, number])[] = [
  [/\bPANIC: {2}/, 4],
  [/\bFATAL: {2}/, 3],
  [/\bERROR: {2}/, 2],
  [/\bWARNING: {2}/, 1],
];

/** A line about the check's matter weighs less than one that names the thing, and more than one that has its LSN: those are everywhere. */
const MATTERS = 8;
const weight = (name: string): number => (/^[0-9A-F]+\/[0-9A-F]+$/i.test(name) ? 6 : 12);

/**
 * The lines of a member's log that have most to do with a finding, oldest first, as `log: …`: those that name what is in
 * question before those that are only about the check's matter, the graver and then the later before others. None when
 * none is about it: a line that merely stands near would lead astray.
 * @param text what the finding says: relations, files, LSNs and timelines in it are looked for
 */
export function nearestLog(check: string, log: readonly LogLine[] | undefined, text: string): string[] {
  const named = namesIn(text);
  const matter = MATTER[check];
  const seen = new Set<string>();
  const scored = (log ?? []).map(({ line }, index) => {
    const names = named.filter((name) => mentions(line, name));
    const about = Math.max(0, ...names.map(weight)) + (matter?.test(wordsOf(line)) ? MATTERS : 0);
    return { line, index, about, score: about + graveness(line) };
  });
  const best = scored
    .filter(({ about }) => about > 0)
    .sort((a, b) => b.score - a.score || b.index - a.index)
    // The same words again and again (a standby that knocks every 250 ms) are one line.
    .filter(({ line }) => !seen.has(wordsOf(line)) && seen.add(wordsOf(line)))
    .slice(0, LINES);
  return best.sort((a, b) => a.index - b.index).map(({ line }) => `log: ${line}`);
}

/** `schema.table`, `base/5/16398`, `0/3000148`, names of WAL files: what a server's line would name, too. */
function namesIn(text: string): string[] {
  const names = text.match(
    /\b[a-z_]\w*\.[a-z_]\w*\b|\b(?:base|global|pg_tblspc)\/[\w./]+|\b[0-9A-F]{1,8}\/[0-9A-F]{2,8}\b/gi,
  );
  const timelines = [...text.matchAll(/\btimeline (\d+)\b/g)].map(([words]) => words);
  return [...new Set([...(names ?? []), ...timelines])];
}

/** Servers name a relation with its schema or without it. */
function mentions(line: string, name: string): boolean {
  const last = /^[a-z_]\w*\.([a-z_]\w*)$/i.exec(name)?.[1];
  return line.includes(name) || (last !== undefined && line.includes(`"${last}"`));
}

function graveness(line: string): number {
  return GRAVE.find(([severity]) => severity.test(line))?.[1] ?? 0;
}

/** A line without the prefix of time and process. */
function wordsOf(line: string): string {
  return line.replace(/^.*?\b(?=(?:LOG|WARNING|ERROR|FATAL|PANIC): {2})/, '');
}
