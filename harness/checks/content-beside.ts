import { compareFingerprints } from '../formats/fingerprint';
import type { Finding } from '../record/finding';
import type { ComparedDatabase } from './content-tables';
import { lookSql } from './look';
import { firstOf, SHOWN } from './place';

/** Large objects: as many, with the same bytes, owners and rights. They lie in no table of the user's. */
export function sameLargeObjects({ place, member, database, before, now }: ComparedDatabase): Finding {
  const [then, here] = [before.largeObjects, now.largeObjects];
  const expected = `large objects of ${database} as in the baseline`;
  if (!then) return place.unverified(expected, 'were not counted before the accident');
  if (!here) return place.unverified(expected, 'were not read');
  const said = compareFingerprints(then, here);
  if (said === 'same') return place.ok(expected, `${here.rows}, equal`);
  if (said === 'incomparable') return place.unverified(expected, 'were digested in another way');
  const found = said === 'rows' ? `${then.rows} before, ${here.rows} now` : `${here.rows} as before, but other content`;
  return place.failed(expected, found, [
    lookSql(
      member,
      'SELECT loid, count(*), md5(string_agg(data, NULL ORDER BY pageno)) FROM pg_largeobject GROUP BY 1',
      database,
    ),
  ]);
}

/**
 * Unlogged relations are not in the WAL: a member that was promoted or came out of a recovery has them empty (PostgreSQL
 * documentation, "CREATE TABLE", UNLOGGED). Rows in one tell that the leader's files did not come through it. A standby
 * cannot read them, and on the timeline of before nothing needs to have emptied them.
 */
export function unloggedEmpty(compared: ComparedDatabase, at: Recovered): Finding {
  const { place, member, database, before, now } = compared;
  const expected = `unlogged relations of ${database} there, and empty after a recovery`;
  if (!before.unlogged) return place.unverified(expected, 'were not listed before the accident');
  if (!now.unlogged) return place.unverified(expected, 'were not read');
  const [then, here] = [before.unlogged, now.unlogged];
  const names = Object.keys(then).sort();
  const added = Object.keys(here).filter((name) => !then[name]);
  if (names.length + added.length === 0) return place.ok(expected, 'there are none');
  const wrong = [
    ...names.filter((name) => !here[name]).map((name) => `${name}: is not there`),
    ...added.sort().map((name) => `${name}: was not there before`),
  ];
  const known = at.timelineLeft !== undefined && at.timeline !== undefined;
  const emptied = known && Number(at.timeline) > Number(at.timelineLeft);
  if (emptied) {
    const full = names.filter((name) => (here[name]?.rows ?? '0') !== '0');
    wrong.push(...full.map((name) => `${name}: ${here[name]?.rows} rows, ${then[name]?.rows ?? 'unknown'} before`));
  }
  if (wrong.length > 0) {
    return place.failed(expected, `${wrong.length} are not`, [
      ...wrong.slice(0, SHOWN),
      lookSql(member, `SELECT oid::regclass FROM pg_class WHERE relpersistence = 'u'`, database),
    ]);
  }
  const unread = names.filter((name) => here[name]?.unreadable !== undefined);
  if (at.leads && unread.length > 0)
    return place.unverified(expected, `${unread.length} could not be read: ${firstOf(unread)}`);
  if (at.leads && !known) return place.unverified(expected, 'the timeline of before or of now is not known');
  return place.ok(
    expected,
    unread.length > 0 ? `${names.length} there, which a standby cannot read` : `${names.length} there`,
  );
}

/** What decides whether unlogged relations must be empty on a member. */
export interface Recovered {
  leads: boolean;
  timeline: number | undefined;
  /** The one on which the accident struck. */
  timelineLeft: number | undefined;
}
