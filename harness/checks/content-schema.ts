import type { Finding } from '../record/finding';
import type { ComparedDatabase } from './content-tables';
import { lookIn, lookSql, shellQuoted } from './look';
import { firstOf, SHOWN } from './place';

/** Every object of the schema is described by the catalogue as it was; what is not is named in the catalogue's words. */
export function sameSchema({ place, member, database, before, now, narrowed }: ComparedDatabase): Finding {
  const expected = `schema of ${database} as in the baseline`;
  if (before.schema === now.schema) return place.ok(expected, `equal: ${now.schema}`);
  const seen = narrowed?.schemas.find((one) => one.database === database);
  const look = lookIn(member, `pg_dump -U postgres -h localhost -s ${shellQuoted(database)}`);
  if (!seen) {
    return place.failed(expected, 'another', [
      `digest ${before.schema} before, ${now.schema} now: which objects was not looked for`,
      look,
    ]);
  }
  const more = seen.differing - seen.lines.length;
  return place.failed(expected, `${seen.differing} lines of the catalogue differ`, [
    ...seen.lines.map(({ how, line }) => `${how}: ${line}`),
    ...(more > 0 ? [`and ${more} more`] : []),
    look,
  ]);
}

/** Extensions are there in the version that they had. */
export function sameExtensions({ place, member, database, before, now }: ComparedDatabase): Finding {
  const expected = `extensions of ${database} in the versions of the baseline`;
  if (!before.extensions) return place.unverified(expected, 'were not noted before the accident');
  if (!now.extensions) return place.unverified(expected, 'were not read');
  const [then, here] = [before.extensions, now.extensions];
  const names = [...new Set([...Object.keys(then), ...Object.keys(here)])].sort();
  const wrong = names.filter((name) => then[name] !== here[name]);
  if (wrong.length === 0) return place.ok(expected, `${names.length}, all equal`);
  return place.failed(expected, `${wrong.length} are not: ${firstOf(wrong)}`, [
    ...wrong
      .slice(0, SHOWN)
      .map((name) => `${name}: ${then[name] ?? 'not there'} before, ${here[name] ?? 'not there'} now`),
    lookSql(member, 'SELECT extname, extversion FROM pg_extension', database),
  ]);
}
