import type { EvidenceSabotage } from './check';
import { there, sabotage, type Spoiled } from './spoiled';
import { contentExpected, isolatedOnly, withoutLedger } from './without-ledger';

/** A sabotage of evidence without a ledger: other evidence has nothing of the kind. */
function alone(
  id: string,
  title: string,
  expected: { reds?: string[]; unverified?: string[] },
  spoil: (spoiled: Spoiled) => void,
): EvidenceSabotage {
  return sabotage(id, title, expected, (spoiled) => {
    there(withoutLedger(spoiled.episode) ? spoiled : undefined, 'recovery without a ledger');
    spoil(spoiled);
  });
}

/** What only a recovery of a cluster that pgdrill did not load can suffer; nearly all others are tried on it, too. */
export const withoutLedgerSabotages = [
  alone(
    'baseline-lost',
    'a baseline was given, and nothing was compared with it',
    { unverified: ['content'] },
    ({ cluster }) => {
      there(cluster.baselineFrom, 'baseline from a file');
      delete cluster.baseline;
    },
  ),
  alone('expectation-false', 'a query answers otherwise than expected', { reds: ['expectations'] }, (spoiled) => {
    for (const { answers } of spoiled.members) there(answers?.[0], 'answer').found = '0';
  }),
  alone(
    'expectation-false-on-replica',
    'one replica answers otherwise than expected',
    { reds: ['expectations'] },
    ({ replica }) => {
      there(replica.answers?.[0], 'answer').found = '20739';
    },
  ),
  alone('expectation-refused', 'a query cannot be answered', { reds: ['expectations'] }, ({ leader }) => {
    there(leader.answers, 'answers')[0] = { why: '42P01: relation "book.tickets" does not exist' };
  }),
  alone('expectation-not-asked', 'nobody asked a replica', { unverified: ['expectations'] }, ({ replica }) => {
    there(replica.answers, 'answers');
    delete replica.answers;
  }),
  alone(
    'database-broken-without-baseline',
    'a database came back half dropped, and no baseline names it',
    { reds: ['databases'] },
    ({ cluster, episode, replica }) => {
      delete cluster.baseline;
      delete cluster.baselineFrom;
      delete cluster.globalsBefore;
      there(contentExpected(episode).baseline ? undefined : replica.databases, 'databases')['thai'] = {
        connects: false,
        error: '3D000: cannot connect to invalid database "thai"',
      };
    },
  ),
  alone(
    'fence-of-one-missing',
    'on one member nobody tried whether it refuses a write',
    { unverified: ['fence'] },
    ({ recovery, replicaName }) => {
      recovery.fence = there(recovery.fence, 'fence').filter(({ member }) => member !== replicaName);
    },
  ),
  alone('fence-never-proven', 'nobody proved the fence', { unverified: ['fence'] }, ({ recovery }) => {
    there(recovery.fencedAt, 'fence');
    delete recovery.fencedAt;
    delete recovery.fence;
  }),
  alone('written-behind-the-fence', 'a member went on committing', { reds: ['fence'] }, ({ recovery }) => {
    there(recovery.discarded, 'count of what was left out').during = 3;
  }),
  alone('boundary-not-derived', 'the order of commits was not read', { unverified: ['stop-point'] }, ({ cluster }) => {
    there(cluster.walOrder, 'order of commits');
    delete cluster.walOrder;
  }),
  alone(
    'replica-silent',
    'a replica does not answer',
    {
      reds: ['members'],
      unverified: ['content', 'expectations', 'globals', 'integrity', 'leader', 'timeline'],
    },
    ({ cluster, replicaName }) => {
      cluster.members[replicaName] = { unreachable: 'connect ECONNREFUSED' };
    },
  ),
  alone(
    'taken-for-a-drill',
    'evidence without ledger and accident claims to be a drill',
    { unverified: ['accident', 'acknowledged-writes', 'objectives', 'roles'] },
    ({ episode }) => {
      there(isolatedOnly(episode) ? undefined : episode, 'recovered cluster');
      delete episode.verification;
    },
  ),
];
