import { differingBuckets, sameFingerprint } from '../formats/fingerprint';
import type { Baseline, Content, Fingerprint } from '../record/fingerprint';
import type { Finding } from '../record/finding';
import type { Check } from './check';
import { recoveryIsJudged } from './applicability';
import { LEDGER_DATABASE } from './ledger-sets';
import { everyCluster, firstOf, SHOWN, whyAbsent, type ClusterPlace, type Place } from './place';

/** Oracle 4: the accident is all that wrote to the dataset, so what was there before it is what must be there now. */
export const content: Check = {
  id: 'content',
  version: 1,
  title: 'every table, sequence, schema and database is as it was before the accident, on every member',
  oracle: 4,
  applies: recoveryIsJudged,
  examine: (examined) =>
    everyCluster('content', examined, (at) => [
      ...databases(at),
      ...(at.cluster.baseline ? compared(at, at.cluster.baseline) : noBaseline(at.place)),
    ]),
};

function noBaseline(place: Place): Finding[] {
  return [place.unverified('the content before the accident', 'no baseline was taken')];
}

/** A database can be there by name and yet be dropped half-way: only a connection tells. */
function databases({ place, cluster, members }: ClusterPlace): Finding[] {
  const before = [...cluster.databases].sort();
  if (before.length === 0) return [place.unverified('the databases before the accident', 'were not noted')];
  return members.map(({ name, place: at, member }) => {
    const expected = `${before.length} databases connect: ${before.join(', ')}`;
    const seen = member.databases;
    if (!seen) return at.unverified(expected, whyAbsent(member));
    const broken = before.filter((database) => seen[database]?.connects !== true);
    if (broken.length === 0) return at.ok(expected, 'all do');
    const why = broken.slice(0, SHOWN).map((database) => `${database}: ${seen[database]?.error ?? 'is not there'}`);
    return at.failed(expected, `not ${broken.join(', ')}`, [
      ...why,
      `look: on ${name}: psql -U postgres -h localhost -d ${broken[0]}`,
    ]);
  });
}

function compared({ place, members }: ClusterPlace, baseline: Baseline): Finding[] {
  const names = Object.keys(baseline.databases)
    .filter((database) => database !== LEDGER_DATABASE)
    .sort();
  const tables = names.reduce((sum, name) => sum + Object.keys(baseline.databases[name]?.tables ?? {}).length, 0);
  if (tables === 0) return [place.unverified('tables in the baseline', 'none: there is nothing to compare')];
  return members.flatMap(({ name, place: at, member }) =>
    names.flatMap((database) => {
      const before = baseline.databases[database];
      const now = member.content?.[database];
      if (!before) return [];
      if (!now) return [at.unverified(`the content of database ${database}`, whyAbsent(member))];
      return [
        sameTables(at, name, database, before, now),
        sameSchema(at, name, database, before, now),
        sequencesAhead(at, name, database, before, now),
      ];
    }),
  );
}

function sameTables(place: Place, name: string, database: string, before: Content, now: Content): Finding {
  const all = [...new Set([...Object.keys(before.tables), ...Object.keys(now.tables)])].sort();
  const differing = all.filter((table) => {
    const [then, here] = [before.tables[table], now.tables[table]];
    return !then || !here || !sameFingerprint(then, here);
  });
  const expected = `${Object.keys(before.tables).length} tables of ${database} as in the baseline`;
  if (differing.length === 0) return place.ok(expected, 'all equal');
  return place.failed(expected, `${differing.length} differ: ${firstOf(differing)}`, [
    ...differing.slice(0, SHOWN).map((table) => difference(table, before.tables[table], now.tables[table])),
    `look: on ${name}: psql -U postgres -h localhost -d ${database} -c "SELECT count(*) FROM ${differing[0]}"`,
  ]);
}

function difference(table: string, before: Fingerprint | undefined, now: Fingerprint | undefined): string {
  if (!before) return `${table}: was not there before, has ${now?.rows} rows`;
  if (!now) return `${table}: had ${before.rows} rows, is not there`;
  const rows =
    before.rows === now.rows
      ? `${now.rows} rows as before, but other content`
      : `${before.rows} rows before, ${now.rows} now`;
  const buckets = differingBuckets(before, now);
  return buckets === null ? `${table}: ${rows}` : `${table}: ${rows}; buckets that differ: ${firstOf(buckets)}`;
}

function sameSchema(place: Place, name: string, database: string, before: Content, now: Content): Finding {
  const expected = `schema of ${database} as in the baseline: ${before.schema}`;
  if (before.schema === now.schema) return place.ok(expected, 'equal');
  return place.failed(expected, now.schema, [`look: on ${name}: pg_dump -U postgres -h localhost -s ${database}`]);
}

/**
 * A sequence is logged up to 32 values ahead of what it has given out (SEQ_LOG_VALS in PostgreSQL's sequence.c), so a
 * recovered one may be ahead of the baseline, never behind it.
 */
function sequencesAhead(place: Place, name: string, database: string, before: Content, now: Content): Finding {
  const wrong: string[] = [];
  for (const sequence of Object.keys(before.sequences).sort()) {
    const then = before.sequences[sequence];
    const here = now.sequences[sequence];
    if (!then) continue;
    if (!here) wrong.push(`${sequence}: is not there`);
    else if (BigInt(here.lastValue) < BigInt(then.lastValue))
      wrong.push(`${sequence}: ${then.lastValue} before, ${here.lastValue} now`);
    else if (here.behindColumn && !then.behindColumn) wrong.push(`${sequence}: behind its column, and was not before`);
  }
  const added = Object.keys(now.sequences).filter((sequence) => !before.sequences[sequence]);
  wrong.push(...added.sort().map((sequence) => `${sequence}: was not there before`));
  const expected = `${Object.keys(before.sequences).length} sequences of ${database} at their value or ahead of it`;
  if (wrong.length === 0) return place.ok(expected, 'all are');
  return place.failed(expected, `${wrong.length} are not`, [
    ...wrong.slice(0, SHOWN),
    `look: on ${name}: psql -U postgres -h localhost -d ${database} -c "SELECT * FROM pg_sequences"`,
  ]);
}
