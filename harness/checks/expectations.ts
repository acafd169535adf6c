import type { ExpectedAnswer, GivenAnswer } from '../record/expected-answer';
import type { Finding } from '../record/finding';
import type { Check } from './check';
import { lookSql } from './look';
import { everyCluster, whyAbsent, type Place } from './place';
import { contentExpected, judgedWithoutLedger, withoutLedger } from './without-ledger';

/** Oracle 4, in the user's own words: queries that must answer so after the recovery, on every member. */
export const expectations: Check = {
  id: 'expectations',
  version: 1,
  title: 'every query that something was expected of answers so, on every member',
  oracle: 4,
  applies(episode, evidence) {
    if (withoutLedger(episode) && !contentExpected(episode).answers) return 'nothing was expected (--expect)';
    return judgedWithoutLedger(episode, evidence);
  },
  examine: (examined) =>
    everyCluster('expectations', examined, ({ cluster, members }) =>
      members.flatMap(({ name, place, member }) =>
        (cluster.expected ?? []).map((asked, index) => {
          const given = member.answers?.[index];
          if (!given) return place.unverified(inWords(asked), whyAbsent(member, 'expectations'));
          return judged(place, name, asked, given);
        }),
      ),
    ),
};

function judged(place: Place, name: string, asked: ExpectedAnswer, { found, why }: GivenAnswer): Finding {
  const expected = inWords(asked);
  const look = [lookSql(name, asked.sql, asked.database)];
  // What the server refuses to answer is an answer: the table is not there, the database cannot be read.
  if (found === undefined) return place.failed(expected, why ?? 'no answer', look);
  return found === asked.expected ? place.ok(expected, found) : place.failed(expected, found, look);
}

function inWords({ database, sql, expected }: ExpectedAnswer): string {
  return `${database}: ${sql} => ${expected}`;
}
