import type { EpisodeEvidence } from '../record/evidence';
import type { Check } from './check';
import { honestEvidence } from './honest-evidence';
import { integrity } from './integrity';
import { checkResult } from './judge';
import { leader } from './leader';
import { members } from './members';
import { there, type Spoiled } from './spoiled';

type Case = [name: string, check: Check, vary: (spoiled: Spoiled) => void];
const status = (check: Check, vary?: (spoiled: Spoiled) => void) => checkResult(check, honestEvidence(vary)).status;

describe('leader, members, integrity', () => {
  test.each([leader, members, integrity])('$id › an honest cluster is ok', (check) => expect(status(check)).toBe('ok'));

  test.each<Case>([
    [
      'empty entries of recovery targets',
      leader,
      ({ leader: one }) => void (one.recoveryTargets = { recovery_target_time: '', recovery_target: '' }),
    ],
    [
      'the defaults of the other target settings',
      leader,
      ({ replica }) =>
        void (replica.recoveryTargets = { recovery_target_timeline: 'latest', recovery_target_action: 'pause' }),
    ],
    [
      'what Patroni writes after a promotion, every target empty, beside the settings that only go with one',
      leader,
      ({ members: all }) => {
        for (const member of all) {
          member.recoveryTargets = {
            ...Object.fromEntries(['', '_lsn', '_name', '_time', '_xid'].map((end) => [`recovery_target${end}`, ''])),
            recovery_target_inclusive: 'on',
            recovery_target_action: 'promote',
            recovery_target_timeline: '',
          };
        }
      },
    ],
    ["Patroni 4's words", leader, ({ leader: one }) => void (there(one.rest, 'rest').role = 'primary')],
    [
      "Patroni 4's state of a standby",
      members,
      ({ replica }) => void (there(replica.rest, 'rest').state = 'streaming'),
    ],
    [
      'Patroni still at `starting` while PostgreSQL streams',
      members,
      ({ replica, leader: one }) => {
        there(replica.rest, 'rest').state = 'starting';
        there(one.rest, 'rest').state = 'starting';
      },
    ],
    [
      'foreign keys of a standby, which cannot validate',
      integrity,
      ({ replica }) => void delete there(replica.integrity, 'integrity').foreignKeys,
    ],
    [
      'prepared transactions',
      integrity,
      ({ leader: one }) => void there(one.integrity, 'integrity').preparedTransactions.push('gid-1'),
    ],
    [
      'a standby that has replayed more than the leader had',
      members,
      ({ replica }) => void (replica.replayLsn = '0/C000000'),
    ],
    [
      'a leader, which replays nothing',
      members,
      ({ leader: one }) => {
        delete one.replayLsn;
        delete one.receiver;
      },
    ],
    [
      'the log of a member not read: no check judges by it',
      members,
      ({ replica }) => void (replica.unread = { log: 'No such file' }),
    ],
    [
      'a cluster of one member',
      members,
      ({ cluster, dcs, leader: one, leaderName }) => {
        cluster.members = { [leaderName]: one };
        dcs.members = [leaderName];
      },
    ],
  ])('%s › is no fault', (_name, check, vary) => expect(status(check, vary)).toBe('ok'));

  test.each<Case>([
    ['no leader key', leader, ({ dcs }) => void (dcs.leaderKeys = [])],
    ['a leader key of a stranger', leader, ({ dcs }) => void (dcs.leader = 'db9')],
    ['no initialize key', leader, ({ dcs }) => void delete dcs.initialize],
    ['nobody writable', leader, ({ leader: one }) => void (one.inRecovery = true)],
    [
      'a target timeline that pins a standby',
      leader,
      ({ replica }) => void (replica.recoveryTargets = { recovery_target_timeline: '1' }),
    ],
    [
      "a target timeline that pins a standby to the backup's",
      leader,
      ({ replica }) => void (replica.recoveryTargets = { recovery_target_timeline: 'current' }),
    ],
    [
      'a target left in force beside empty entries',
      leader,
      ({ leader: one }) => void (one.recoveryTargets = { recovery_target_time: '', recovery_target_xid: '15866' }),
    ],
    [
      'the key of another scope, which names a leader too',
      leader,
      ({ dcs }) => void dcs.leaderKeys.push('/service/old/leader'),
    ],
    [
      'a leader of a standby cluster, which takes no writes',
      leader,
      ({ leader: one }) => void (there(one.rest, 'rest').role = 'standby_leader'),
    ],
    [
      'a standby on another timeline than the leader',
      members,
      ({ replica }) => void (there(replica.receiver, 'receiver').timeline = 3),
    ],
    ['a standby that replays nothing', members, ({ replica }) => void (replica.replayLsn = '0/B0123A0')],
    [
      'Patroni that was asked and is silent',
      members,
      ({ replica }) => {
        delete replica.rest;
        replica.unread = { patroni: 'no answer' };
      },
    ],
    [
      'an index that is not ready',
      integrity,
      ({ replica }) => void (there(replica.integrity, 'integrity').invalidIndexes = ['thai: i of t: not ready']),
    ],
    ['a probe with another row', members, ({ replica }) => void (there(replica.probe, 'probe').found = 'probe 6')],
    [
      'an unreadable relation',
      integrity,
      ({ replica }) =>
        void there(replica.integrity, 'integrity').unreadable.push({
          database: 'thai',
          relation: 'book.bus',
          error: 'invalid page in block 0',
        }),
    ],
  ])('%s › is red', (_name, check, vary) => expect(status(check, vary)).toBe('failed'));

  test.each<Case>([
    ['etcd not asked', leader, ({ cluster }) => void delete cluster.dcs],
    ['REST not asked', leader, ({ replica }) => void delete replica.rest],
    ['targets not asked', leader, ({ replica }) => void delete replica.recoveryTargets],
    ['the identifier not read at boot', leader, ({ cluster }) => void (cluster.systemIdentifier = '0')],
    ['a member of etcd not observed', members, ({ dcs }) => void dcs.members.push('db4')],
    ['Patroni not asked', members, ({ replica }) => void delete replica.rest],
    ['the position of the leader not noted', members, ({ replica }) => void delete replica.readAt],
    [
      'a lock that stayed, and no damage',
      integrity,
      ({ replica }) =>
        void (there(replica.integrity, 'integrity').notRead = [
          { database: 'thai', relation: 'book.bus', why: '55P03: canceling statement due to lock timeout' },
        ]),
    ],
    ['no probe', members, ({ replica }) => void delete replica.probe],
    ['nothing read', integrity, ({ replica }) => void (there(replica.integrity, 'integrity').relationsRead = 0)],
    [
      'foreign keys of the leader not validated',
      integrity,
      ({ leader: one }) => void delete there(one.integrity, 'integrity').foreignKeys,
    ],
    ['integrity not looked at', integrity, ({ replica }) => void delete replica.integrity],
  ])('%s › is unverified', (_name, check, vary) => expect(status(check, vary)).toBe('unverified'));

  test.each([leader, members, integrity])('$id › without any cluster, or any member, is unverified', (check) => {
    expect(status(check, ({ episode }) => void (episode.clusters = {}))).toBe('unverified');
    expect(status(check, ({ cluster }) => void (cluster.members = {}))).toBe('unverified');
  });

  test.each([leader, members, integrity])('$id › not applicable when a refusal is expected', (check) => {
    const refused: EpisodeEvidence['expectation'] = { kind: 'refused', code: 'PGDRILL_WAL_GAP' };
    expect(status(check, ({ episode }) => void (episode.expectation = refused))).toBe('not-applicable');
  });

  test.each<[string, Check, (spoiled: Spoiled) => void, string[]]>([
    [
      'etcd not asked',
      leader,
      ({ cluster }) => void delete cluster.dcs,
      [
        'unverified: etcd was not observed ×2',
        'unverified: master, but etcd names no leader',
        'unverified: false, but etcd names no leader',
      ],
    ],
    [
      'a leader key of a stranger',
      leader,
      ({ dcs }) => void (dcs.leader = 'db9'),
      ['failed: it names db9', 'failed: master', 'failed: false'],
    ],
    [
      'a leader key without a name',
      leader,
      ({ dcs }) => void delete dcs.leader,
      [
        'failed: the key names nobody',
        'unverified: master, but etcd names no leader',
        'unverified: false, but etcd names no leader',
      ],
    ],
    [
      'the leader not asked, who leads',
      leader,
      ({ leader: one }) => {
        delete one.rest;
        delete one.inRecovery;
      },
      ['unverified: was not observed ×2'],
    ],
    [
      'the leader not asked, who follows',
      members,
      ({ leader: one }) => {
        delete one.rest;
        delete one.inRecovery;
      },
      ['unverified: was not observed ×2', 'unverified: streaming on timeline 4 from db1 ×2'],
    ],
    [
      'standbys of a leader without a timeline',
      members,
      ({ leader: one }) => void delete one.timeline,
      ['unverified: streaming on timeline 4 from db1 ×2'],
    ],
  ])('%s › is said exactly so of the cluster and its members', (_name, check, vary, said) => {
    const { findings } = checkResult(check, honestEvidence(vary));
    const concerned = findings.filter(
      ({ status: one, member }) => one !== 'ok' && (check === members || member === undefined || member === 'db1'),
    );
    const counts = new Map<string, number>();
    for (const { status: one, found } of concerned)
      counts.set(`${one}: ${found}`, (counts.get(`${one}: ${found}`) ?? 0) + 1);
    expect([...counts].map(([text, count]) => (count === 1 ? text : `${text} ×${count}`))).toEqual(said);
  });

  test('an area that could not be read › says why, in its own check only', () => {
    const evidence = honestEvidence(({ replica }) => {
      delete replica.integrity;
      replica.unread = { integrity: 'XX001: invalid page in block 3 of relation base/5/1259' };
    });
    expect(checkResult(integrity, evidence).findings.filter(({ status: one }) => one !== 'ok')).toMatchObject([
      {
        status: 'unverified',
        member: 'db2',
        found: 'could not be read: XX001: invalid page in block 3 of relation base/5/1259',
      },
    ]);
    expect(checkResult(members, evidence).status).toBe('ok');
  });

  test('damage › is named by database, relation, table and block, with the lines of the log about it', () => {
    const at = '2026-11-21 05:51:20.301000+00';
    const line = '2026-11-21 05:51:20.301 UTC [311] ERROR:  invalid page in block 3 of relation base/5/16413';
    const { findings } = checkResult(
      integrity,
      honestEvidence(({ replica }) => {
        replica.log = [
          { at, line: '2026-11-21 05:51:20.300 UTC [310] FATAL:  the database system is starting up' },
          { at, line },
        ];
        there(replica.integrity, 'integrity').unreadable.push({
          database: 'thai',
          relation: 'book.tickets_pkey',
          of: 'book.tickets',
          block: 3,
          error: 'XX001: invalid page in block 3 of relation base/5/16413',
        });
      }),
    );
    expect(findings.filter(({ status: one }) => one === 'failed')).toMatchObject([
      {
        member: 'db2',
        found: '1 damaged: thai: book.tickets_pkey, of book.tickets',
        detail: [
          'thai: book.tickets_pkey, of book.tickets: XX001: invalid page in block 3 of relation base/5/16413',
          `look: pgdrill enter --psql db2 -- -d thai -c "SELECT pg_prewarm('book.tickets_pkey')"`,
          `log: ${line}`,
          expect.stringMatching(/^when: accident /) as string,
        ],
      },
    ]);
  });

  test('prepared transactions › are listed', () => {
    const { findings } = checkResult(
      integrity,
      honestEvidence(({ leader: one }) => void there(one.integrity, 'integrity').preparedTransactions.push('gid-1')),
    );
    expect(findings.find(({ found }) => found === '1 in doubt')).toMatchObject({ member: 'db1', detail: ['gid-1'] });
  });

  test('a member that does not answer › gives its error', () => {
    const { findings } = checkResult(
      members,
      honestEvidence(({ cluster }) => void (cluster.members['db3'] = { unreachable: 'connect ECONNREFUSED' })),
    );
    expect(findings.filter(({ status: one }) => one === 'failed')).toMatchObject([
      { member: 'db3', found: 'connect ECONNREFUSED' },
    ]);
  });
});
