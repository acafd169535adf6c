import { compareFingerprints } from '../formats/fingerprint';
import type { MemberEvidence } from '../record/evidence';
import type { Content, Fingerprint } from '../record/fingerprint';
import type { Finding } from '../record/finding';
import type { NarrowedTable } from '../record/narrowing';
import { lookSql } from './look';
import { firstOf, SHOWN, type Place } from './place';

/** One database on one member, before and now. */
export interface ComparedDatabase {
  place: Place;
  member: string;
  database: string;
  before: Content;
  now: Content;
  narrowed: MemberEvidence['narrowed'];
}

/** Every table has the rows that it had; what differs is narrowed to rows, by key. */
export function sameTables({ place, member, database, before, now, narrowed }: ComparedDatabase): Finding[] {
  const all = [...new Set([...Object.keys(before.tables), ...Object.keys(now.tables)])].sort();
  const differing: string[] = [];
  const incomparable: string[] = [];
  const sampled: string[] = [];
  for (const table of all) {
    const [then, here] = [before.tables[table], now.tables[table]];
    const said = then && here ? compareFingerprints(then, here) : 'rows';
    if (said === 'incomparable') incomparable.push(table);
    else if (said !== 'same') differing.push(table);
    else if (then?.sampledOneIn !== undefined)
      sampled.push(`${table} (rows counted, one in ${then.sampledOneIn} compared)`);
  }
  const expected = `${Object.keys(before.tables).length} tables of ${database} as in the baseline`;
  const findings: Finding[] = [];
  if (differing.length > 0) {
    const [first = ''] = differing;
    const details = differing
      .slice(0, SHOWN)
      .flatMap((table) => [
        difference(table, before.tables[table], now.tables[table]),
        ...rows(narrowed?.tables.find((one) => one.database === database && one.table === table)),
      ]);
    const look = now.tables[first] ? `SELECT count(*) FROM ${quoted(first)}` : `SELECT to_regclass('${quoted(first)}')`;
    findings.push(
      place.failed(expected, `${differing.length} differ: ${firstOf(differing)}`, [
        ...details,
        lookSql(member, look, database),
      ]),
    );
  }
  if (incomparable.length > 0) {
    findings.push(
      place.unverified(
        `tables of ${database} digested as at the baseline`,
        `${incomparable.length} were not: ${firstOf(incomparable)}`,
        incomparable.slice(0, SHOWN).map((table) => inTwoWays(table, before.tables[table], now.tables[table])),
      ),
    );
  }
  if (findings.length > 0) return findings;
  if (sampled.length === 0) return [place.ok(expected, 'all equal')];
  return [place.ok(expected, `all equal, ${sampled.length} in part: ${firstOf(sampled)}`)];
}

function difference(table: string, before: Fingerprint | undefined, now: Fingerprint | undefined): string {
  if (!before) return `${table}: was not there before, has ${now?.rows} rows`;
  if (!now) return `${table}: had ${before.rows} rows, is not there`;
  return before.rows === now.rows
    ? `${table}: ${now.rows} rows as before, but other content`
    : `${table}: ${before.rows} rows before, ${now.rows} now`;
}

/** Which rows differ, in lines below that of their table. */
function rows(narrowed: NarrowedTable | undefined): string[] {
  if (!narrowed) return ['  which rows: was not looked for'];
  const { differing, against, limit } = narrowed;
  const lines = narrowed.rows.map(({ key, how, times, now }) => {
    const many = times === undefined ? '' : ` (${times} times)`;
    return `  ${how} ${key}${many}${now === undefined ? '' : `: now ${now}`}`;
  });
  const more =
    differing === undefined ? 0 : Number(differing) - narrowed.rows.reduce((sum, { times = 1 }) => sum + times, 0);
  if (more > 0) lines.push(`  and ${more} more`);
  if (differing !== undefined)
    lines.unshift(`  ${differing} ${differing === '1' ? 'row differs' : 'rows differ'}, compared with ${against}:`);
  else if (lines.length > 0) lines.unshift(`  rows that differ, compared with ${against}:`);
  if (limit !== undefined) lines.push(`  ${limit}`);
  return lines;
}

function inTwoWays(table: string, before: Fingerprint | undefined, now: Fingerprint | undefined): string {
  const how = (one: Fingerprint | undefined): string =>
    `${one?.method ?? 'an older method'}${one?.sampledOneIn === undefined ? '' : `, one row in ${one.sampledOneIn}`}`;
  return `${table}: ${how(before)} before, ${how(now)} now`;
}

/** `schema.table` as SQL has it. The name is recorded without quotes; a dot within one cannot be told. */
function quoted(name: string): string {
  return name
    .split('.')
    .map((part) => (/^[a-z_][a-z0-9_]*$/.test(part) ? part : `"${part.replaceAll('"', '""')}"`))
    .join('.');
}
