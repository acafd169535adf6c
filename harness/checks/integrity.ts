import type { MemberEvidence } from '../record/evidence';
import type { Finding } from '../record/finding';
import type { Check } from './check';
import { recoveryIsJudged } from './applicability';
import { leaderOf } from './leader-of';
import { lookIn, lookSql } from './look';
import { everyCluster, firstOf, SHOWN, whyAbsent, type Place } from './place';
import { withoutLedger } from './without-ledger';

type Integrity = NonNullable<MemberEvidence['integrity']>;
type Unreadable = Integrity['unreadable'][number];

/** Oracle 5: equal rows do not prove sound files; every relation is read and every index compared with its table. */
export const integrity: Check = {
  id: 'integrity',
  version: 3,
  title: 'checksums on, every relation readable, indexes agree with their tables, foreign keys hold',
  oracle: 5,
  applies: recoveryIsJudged,
  examine: (examined) =>
    everyCluster('integrity', examined, ({ cluster, members }) => {
      const never = withoutLedger(examined.episode) && cluster.checksumsBefore === false;
      const leader = leaderOf(cluster);
      return members.flatMap(({ name, place, member }) => {
        const seen = member.integrity;
        if (!seen) return [place.unverified('a full read, amcheck and checksums', whyAbsent(member, 'integrity'))];
        return [
          ...readable(place, name, seen),
          ...agreeing(place, name, seen),
          ...checksums(place, name, seen, never),
          ...collations(place, name, seen),
          // A standby cannot validate: only the leader's answer is missed.
          ...foreignKeys(place, name, seen, name === leader || leader === undefined),
          place.ok(
            'prepared transactions listed',
            `${seen.preparedTransactions.length} in doubt`,
            seen.preparedTransactions.slice(0, SHOWN),
          ),
        ];
      });
    }),
};

/** @param never they were off before the recovery: a cluster that somebody else has made so */
function checksums(place: Place, name: string, seen: Integrity, never: boolean): Finding[] {
  if (never && !seen.checksums) return [place.notApplicable('data checksums on', 'off, as before the recovery')];
  const on = seen.checksums
    ? place.ok('data checksums on', 'on')
    : place.failed('data checksums on', 'off', [lookSql(name, 'SHOW data_checksums')]);
  const none = seen.checksumFailures === 0;
  const found = none ? 'none' : `${seen.checksumFailures} since its statistics were reset`;
  const failures = none
    ? place.ok('no checksum failure', found)
    : place.failed('no checksum failure', found, [
        lookSql(name, 'SELECT datname, checksum_failures, checksum_last_failure FROM pg_stat_database'),
      ]);
  return [on, failures];
}

function readable(place: Place, name: string, seen: Integrity): Finding[] {
  const expected = 'every relation readable';
  const findings: Finding[] = [];
  const [first] = seen.unreadable;
  if (first) {
    const relations = [...new Set(seen.unreadable.map(inWords))];
    findings.push(
      place.failed(`${expected}: ${seen.relationsRead} read`, `${relations.length} damaged: ${firstOf(relations)}`, [
        ...seen.unreadable.slice(0, SHOWN).map((one) => `${inWords(one)}${inBlock(one)}: ${one.error}`),
        lookSql(name, rereadOf(first), first.database),
      ]),
    );
  }
  const notRead = seen.notRead ?? [];
  if (notRead.length > 0) {
    findings.push(
      place.unverified(`${expected} and checked`, `${notRead.length} could not be looked at`, [
        ...notRead.slice(0, SHOWN).map(({ database, relation, why }) => `${database}: ${relation}: ${why}`),
        lookSql(name, 'SELECT pid, state, wait_event, query FROM pg_stat_activity WHERE wait_event_type IS NOT NULL'),
      ]),
    );
  }
  const left = (seen.without ?? []).filter(({ extension }) => extension === 'pg_prewarm');
  if (left.length > 0) findings.push(notMade(place, 'indexes and TOAST tables readable, too', left));
  if (seen.relationsRead === 0) findings.push(place.unverified(expected, 'none was read'));
  else if (nothingWrong(findings)) findings.push(place.ok(expected, `${seen.relationsRead} read`));
  return findings;
}

function agreeing(place: Place, name: string, seen: Integrity): Finding[] {
  const { relations, errors } = seen.amcheck;
  const left = (seen.without ?? []).filter(({ extension }) => extension === 'amcheck');
  const findings: Finding[] = [];
  const expected = 'amcheck finds nothing';
  if (errors.length > 0) {
    findings.push(
      place.failed(`${expected} in ${relations} relations`, `${errors.length} errors: ${errors[0]}`, [
        ...errors.slice(1, SHOWN),
        lookIn(name, 'pg_amcheck -U postgres -h localhost --all --heapallindexed --no-dependent-toast'),
      ]),
    );
  } else if (relations === 0 && left.length === 0)
    findings.push(place.unverified('amcheck of every index and table', 'nothing was checked'));
  else if (relations > 0) findings.push(place.ok(expected, `${relations} relations checked`));
  if (left.length > 0) findings.push(notMade(place, expected, left));
  const invalid = seen.invalidIndexes ?? [];
  if (seen.invalidIndexes === undefined)
    findings.push(place.unverified('every index valid and ready', 'was not asked'));
  else if (invalid.length === 0) findings.push(place.ok('every index valid and ready', 'all are'));
  else {
    findings.push(
      place.failed('every index valid and ready', `${invalid.length} not: ${firstOf(invalid)}`, [
        lookSql(
          name,
          'SELECT indexrelid::regclass, indisvalid, indisready FROM pg_index WHERE NOT (indisvalid AND indisready)',
          databaseOf(invalid[0]),
        ),
      ]),
    );
  }
  return findings;
}

/** An index is in the order of the library that it was built with: another version of it may compare in another order. */
function collations(place: Place, name: string, { otherCollations: others = [] }: Integrity): Finding[] {
  if (others.length === 0) return [];
  const look = `SELECT collname, collversion, pg_collation_actual_version(oid) FROM pg_collation WHERE oid IN (SELECT unnest(indcollation) FROM pg_index)`;
  return [
    place.failed(
      'collations of indexes in the version of their libraries',
      `${others.length} not: ${firstOf(others)}`,
      [lookSql(name, look, databaseOf(others[0]))],
    ),
  ];
}

const nothingWrong = (findings: readonly Finding[]): boolean =>
  findings.every(({ status }) => status === 'not-applicable');

/** An extension that is not there is made in no database that pgdrill did not load: what it would read is left out. */
function notMade(place: Place, expected: string, left: NonNullable<Integrity['without']>): Finding {
  const names = left.map(({ database }) => database);
  return place.notApplicable(expected, `extension ${left[0]?.extension} is not in ${firstOf(names)}`);
}

function foreignKeys(place: Place, name: string, seen: Integrity, due: boolean): Finding[] {
  const expected = 'foreign keys hold when validated again';
  const keys = seen.foreignKeys;
  if (!keys) return due ? [place.unverified(expected, 'were not validated')] : [];
  if (keys.violated.length === 0) return [place.ok(expected, `${keys.validated} validated`)];
  const found = `${keys.violated.length} of ${keys.validated} do not: ${keys.violated[0]}`;
  return [
    place.failed(expected, found, [
      ...keys.violated.slice(1, SHOWN),
      lookSql(
        name,
        "SELECT conname, conrelid::regclass, pg_get_constraintdef(oid) FROM pg_constraint WHERE contype = 'f'",
        databaseOf(keys.violated[0]),
      ),
    ]),
  ];
}

/** `thai: book.tickets_pkey, index of book.tickets`. */
function inWords({ database, relation, of }: Unreadable): string {
  return `${database}: ${relation}${of === undefined ? '' : `, of ${of}`}`;
}

function inBlock({ block, error }: Unreadable): string {
  return block === undefined || error.includes(`block ${block}`) ? '' : `, block ${block}`;
}

/** Reads one relation again as the collector did, whatever its kind. */
function rereadOf({ relation }: Unreadable): string {
  return `SELECT pg_prewarm('${relation.replaceAll("'", "''")}')`;
}

function databaseOf(line: string | undefined): string {
  return /^([^:]+): /.exec(line ?? '')?.[1] ?? 'postgres';
}
