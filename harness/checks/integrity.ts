import type { Finding } from '../record/finding';
import type { Check } from './check';
import { recoveryIsJudged } from './applicability';
import { leaderOf } from './leader-of';
import { everyCluster, SHOWN, whyAbsent } from './place';

/** Oracle 5: equal rows do not prove sound files; every relation is read and every index compared with its table. */
export const integrity: Check = {
  id: 'integrity',
  version: 1,
  title: 'checksums on, every relation readable, indexes agree with their tables, foreign keys hold',
  oracle: 5,
  applies: recoveryIsJudged,
  examine: (examined) =>
    everyCluster('integrity', examined, ({ cluster, members }) => {
      const leader = leaderOf(cluster);
      return members.flatMap(({ name, place, member }) => {
        const seen = member.integrity;
        if (!seen) return [place.unverified('a full read, amcheck and checksums', whyAbsent(member))];
        const on = `look: on ${name}:`;
        const findings: Finding[] = [];
        const check = (sound: boolean, expected: string, found: string, detail: string[]): void => {
          findings.push(sound ? place.ok(expected, found) : place.failed(expected, found, detail));
        };
        check(seen.checksums, 'data checksums on', seen.checksums ? 'on' : 'off', [
          `${on} psql -U postgres -h localhost -c "SHOW data_checksums"`,
        ]);
        check(seen.checksumFailures === 0, 'no checksum failure', `${seen.checksumFailures} failures`, [
          `${on} psql -U postgres -h localhost -c "SELECT datname, checksum_failures, checksum_last_failure FROM pg_stat_database"`,
        ]);
        if (seen.relationsRead === 0) findings.push(place.unverified('every relation read', 'none was read'));
        else {
          check(
            seen.unreadable.length === 0,
            'every relation readable',
            `${seen.relationsRead} read, ${seen.unreadable.length} unreadable`,
            [
              ...seen.unreadable
                .slice(0, SHOWN)
                .map(({ database, relation, error }) => `${database}: ${relation}: ${error}`),
              `${on} psql -U postgres -h localhost -d ${seen.unreadable[0]?.database} -c "SELECT count(*) FROM ${seen.unreadable[0]?.relation}"`,
            ],
          );
        }
        if (seen.amcheck.relations === 0)
          findings.push(place.unverified('amcheck of every index and table', 'nothing was checked'));
        else {
          check(
            seen.amcheck.errors.length === 0,
            'amcheck finds nothing',
            `${seen.amcheck.relations} relations, ${seen.amcheck.errors.length} errors`,
            [
              ...seen.amcheck.errors.slice(0, SHOWN),
              `${on} pg_amcheck -U postgres -h localhost --all --heapallindexed`,
            ],
          );
        }
        if (seen.foreignKeys) {
          check(
            seen.foreignKeys.violated.length === 0,
            'foreign keys hold when validated again',
            `${seen.foreignKeys.validated} validated, ${seen.foreignKeys.violated.length} violated`,
            [
              ...seen.foreignKeys.violated.slice(0, SHOWN),
              `${on} psql -U postgres -h localhost -c "SELECT conrelid::regclass, conname FROM pg_constraint WHERE contype = 'f'", then ALTER TABLE … VALIDATE CONSTRAINT`,
            ],
          );
        } else if (name === leader || leader === undefined) {
          // A standby cannot validate: only the leader's answer is missed.
          findings.push(place.unverified('foreign keys hold when validated again', 'were not validated'));
        }
        findings.push(
          place.ok(
            'prepared transactions listed',
            `${seen.preparedTransactions.length} in doubt`,
            seen.preparedTransactions.slice(0, SHOWN),
          ),
        );
        return findings;
      });
    }),
};
