import { formatLsn, parseLsn } from '../formats/lsn';
import { firstIn, sabotage, there, withMore, without, type Spoiled } from './spoiled';
import { LEDGER_DATABASE } from './ledger-sets';

const id = 'restored-aside';
const reds = { reds: [id] };

/** Puts the stop, the branch and the reason of the restored server some bytes later. */
function laterBy({ restoredAside: seen }: Spoiled, bytes: bigint): void {
  if (seen.target.kind !== 'lsn') throw new Error('this evidence has no LSN target to spoil');
  const [from, to] = [seen.target.lsn, formatLsn(parseLsn(seen.target.lsn) + bytes)];
  seen.stop = seen.stop.map((line) => line.replace(from, to));
  seen.history = there(seen.history, 'history').replaceAll(from, to);
}

export const restoredAsideSabotages = [
  sabotage(
    'aside-misses-write',
    'the fresh backup, restored, lacks one write',
    reds,
    ({ restoredAside: { member, due } }) => {
      member.ledger = without(member.ledger, firstIn(due, 'transaction that is due'));
    },
  ),
  sabotage(
    'aside-write-too-many',
    'the fresh backup, restored, has a write that was not there at the point',
    reds,
    ({ restoredAside: { member } }) => {
      member.ledger = withMore(member.ledger, 999_999);
    },
  ),
  sabotage(
    'aside-half-transaction',
    'one transaction came back by half on the restored server',
    reds,
    ({ restoredAside: { member, due } }) => {
      const half = firstIn(due, 'transaction that is due');
      member.ledger = without(member.ledger, half);
      member.ledgerHalves = String(half);
    },
  ),
  sabotage('aside-later-row', 'a row written after the point is on the restored server', reds, ({ restoredAside }) => {
    const probe = there(restoredAside.member.probe, 'probe');
    probe.found = `${probe.found}, aside after`;
  }),
  sabotage('aside-row-changed', 'one row of the dataset has another value on the restored server', reds, (spoiled) => {
    const { tables } = spoiled.content(spoiled.restoredAside.member);
    const [table] = Object.values(tables);
    const fingerprint = there(table, 'table');
    fingerprint.sum = String(BigInt(fingerprint.sum) + 1n);
    delete fingerprint.buckets;
  }),
  sabotage('aside-role-lost', 'a role is not there on the restored server', reds, ({ restoredAside: { member } }) => {
    const { roles } = there(member.globals, 'roles');
    delete roles[there(Object.keys(roles).sort()[0], 'role')];
  }),
  sabotage(
    'aside-index-corrupt',
    'an index of the restored server does not hold every row',
    reds,
    ({ restoredAside }) => {
      there(restoredAside.member.integrity, 'integrity').amcheck.errors.push(
        'thai: book.tickets_pkey: heap tuple (44,12) lacks matching index tuple',
      );
    },
  ),
  sabotage('aside-stopped-elsewhere', 'the restored server replayed further than the point', reds, (spoiled) => {
    laterBy(spoiled, 64n);
  }),
  sabotage(
    'aside-ended-before-point',
    'Barman gave too little WAL to reach the point',
    reds,
    ({ restoredAside: seen }) => {
      seen.failed = 'PostgreSQL ended before it reached the target';
      seen.stop = ['FATAL:  recovery ended before configured recovery target was reached'];
      seen.member = { unreachable: seen.failed };
    },
  ),
  sabotage('aside-not-restorable', 'Barman cannot restore the fresh backup', reds, ({ restoredAside: seen }) => {
    seen.failed = '"barman recover" ended with 1: Failure copying WAL files';
    seen.stop = [];
    seen.member = { unreachable: seen.failed };
  }),
  sabotage('aside-on-another-way', 'the restored server came by another branch', reds, ({ restoredAside: seen }) => {
    const [first = ''] = there(seen.history, 'history').split('\n');
    seen.history = there(seen.history, 'history').replace(
      first,
      first.replace(/[^\t]+$/, 'no recovery target specified'),
    );
  }),
  sabotage('aside-of-other-system', 'the restored server belongs to another system', reds, ({ restoredAside }) => {
    restoredAside.member.systemIdentifier = '7574838383838383839';
  }),
  sabotage(
    'aside-of-old-backup',
    'an older backup was restored instead of the fresh one',
    reds,
    ({ restoredAside, cluster }) => {
      restoredAside.backup = there(cluster.backup, 'backup').id;
    },
  ),
  sabotage('aside-changed-archive', 'restoring changed a file of the archive', reds, ({ restoredAside }) => {
    there(restoredAside.source, 'source archive').changed.push('wals/00000004.history');
  }),
  sabotage(
    'aside-database-missing',
    'a database does not connect on the restored server',
    reds,
    ({ restoredAside }) => {
      const databases = there(restoredAside.member.databases, 'databases');
      const name = there(
        Object.keys(databases).find((database) => database !== LEDGER_DATABASE),
        'database',
      );
      databases[name] = { connects: false, error: 'cannot connect to invalid database' };
    },
  ),
  sabotage(
    'aside-not-done',
    'the fresh backup was to be restored aside and was not',
    { unverified: [id] },
    ({ cluster, evidence }) => {
      there(cluster.restoredAside, 'a backup restored aside');
      evidence.run.deep = true;
      delete cluster.restoredAside;
    },
  ),
  sabotage(
    'aside-not-read',
    'nobody read what the restored server holds',
    { unverified: [id] },
    ({ restoredAside }) => {
      delete restoredAside.member.ledger;
      delete restoredAside.member.probe;
      delete restoredAside.member.content;
    },
  ),
  sabotage(
    'aside-without-words',
    'the words of the restored server about its stop were not kept',
    { unverified: [id] },
    ({ restoredAside }) => {
      restoredAside.stop = [];
    },
  ),
];
