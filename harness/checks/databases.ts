import type { Finding } from '../record/finding';
import type { Check } from './check';
import { lookSql } from './look';
import { everyCluster, SHOWN, whyAbsent } from './place';
import { contentExpected, judgedWithoutLedger, withoutLedger } from './without-ledger';

/** Oracle 4, where nobody noted which databases have to be there: those that are there are whole. */
export const databases: Check = {
  id: 'databases',
  version: 1,
  title: 'every database that came back takes connections, on every member',
  oracle: 4,
  applies(episode, evidence) {
    if (withoutLedger(episode) && contentExpected(episode).baseline)
      return '`content` says it of those in the baseline';
    return judgedWithoutLedger(episode, evidence);
  },
  examine: (examined) =>
    everyCluster('databases', examined, ({ members }) =>
      members.map(({ name, place, member }): Finding => {
        const expected = 'every database takes connections';
        const seen = member.databases;
        if (!seen) return place.unverified(expected, whyAbsent(member, 'databases'));
        const names = Object.keys(seen).sort();
        if (names.length === 0) return place.unverified(expected, 'there is none');
        const broken = names.filter((database) => seen[database]?.connects !== true);
        if (broken.length === 0) return place.ok(expected, names.join(', '));
        const why = broken.slice(0, SHOWN).map((database) => `${database}: ${seen[database]?.error ?? 'no answer'}`);
        return place.failed(expected, `not ${broken.join(', ')}`, [...why, lookSql(name, 'SELECT 1', broken[0])]);
      }),
    ),
};
