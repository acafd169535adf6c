import type { Finding } from '../record/finding';
import { lookSql } from './look';
import { SHOWN, whyAbsent, type ClusterPlace } from './place';

/** A database can be there by name and yet be dropped half-way: only a connection tells. */
export function databasesConnect({ place, cluster, members }: ClusterPlace): Finding[] {
  const before = [...cluster.databases].sort();
  if (before.length === 0) return [place.unverified('the databases before the accident', 'were not noted')];
  return members.map(({ name, place: at, member }) => {
    const expected = `${before.length} databases connect: ${before.join(', ')}`;
    const seen = member.databases;
    if (!seen) return at.unverified(expected, whyAbsent(member, 'databases'));
    const broken = before.filter((database) => seen[database]?.connects !== true);
    if (broken.length === 0) return at.ok(expected, 'all do');
    const why = broken.slice(0, SHOWN).map((database) => `${database}: ${seen[database]?.error ?? 'is not there'}`);
    return at.failed(expected, `not ${broken.join(', ')}`, [...why, lookSql(name, 'SELECT 1', broken[0])]);
  });
}
