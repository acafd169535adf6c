import type { MemberEvidence } from '../record/evidence';
import type { Content, Globals } from '../record/fingerprint';
import { DATABASES, HELD, HISTORIES, SYSTEM } from './honest-story';

/** One member as it is read after an honest recovery. */
export function member(name: string): MemberEvidence {
  const leads = name === 'db1';
  return {
    rest: { status: 200, role: leads ? 'master' : 'replica', state: 'running', timeline: 4, systemIdentifier: SYSTEM },
    inRecovery: !leads,
    systemIdentifier: SYSTEM,
    timeline: 4,
    ...(leads ? {} : { receiver: { status: 'streaming', timeline: 4, sender: 'db1' } }),
    replayLsn: '0/B0123A8',
    readAt: '0/B0123A8',
    history: HISTORIES['4'],
    recoveryTargets: {},
    ledger: HELD,
    ledgerHalves: '',
    probe: { expected: 'probe 7', found: 'probe 7' },
    content: { postgres: empty(), thai: thai(leads ? '0' : undefined) },
    globals: globals(),
    databases: Object.fromEntries(DATABASES.map((database) => [database, { connects: true }])),
    integrity: {
      checksums: true,
      checksumFailures: 0,
      relationsRead: 231,
      unreadable: [],
      notRead: [],
      invalidIndexes: [],
      amcheck: { relations: 178, errors: [] },
      ...(leads ? { foreignKeys: { validated: 6, violated: [] } } : {}),
      preparedTransactions: [],
    },
  };
}

/** @param rows of the unlogged table, where they can be read */
export function thai(rows?: string): Content {
  const method = 'columns-1-stored';
  return {
    tables: {
      'book.bus': { rows: '10', sum: '80', method },
      'book.nam': { rows: '350', sum: '293485761120394857', method },
      'book.tickets': { rows: '20740', sum: '340282366920938463463374607431768211455', method },
    },
    sequences: {
      'book.bus_id_seq': { lastValue: '10', behindColumn: false, called: true },
      'book.tickets_id_seq': { lastValue: '20740', behindColumn: false, called: true },
    },
    schema: '5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef',
    extensions: { amcheck: '1.3', plpgsql: '1.0' },
    largeObjects: { rows: '2', sum: '71394857', method },
    unlogged: {
      'book.seen': rows === undefined ? { unreadable: 'a standby has no unlogged relations' } : { rows },
    },
  };
}

export function empty(): Content {
  return {
    tables: {},
    sequences: {},
    schema: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    extensions: { amcheck: '1.3', plpgsql: '1.0' },
    largeObjects: { rows: '0', sum: '0', method: 'columns-1-stored' },
    unlogged: {},
  };
}

export function globals(): Globals {
  return {
    roles: {
      barman: 'login, replication, member of pg_checkpoint pg_read_all_settings, password 0f8e3ab1c2d94f57',
      ledger: 'login, password 92c41be07a6d5f13',
      postgres: 'login, superuser, replication, createrole, createdb, bypassrls, password 5cd0a917be442f68',
    },
    tablespaces: { pg_default: 'owner postgres', pg_global: 'owner postgres' },
    settings: { 'thai/*': '6b1f2a90c4d7e853' },
    databases: Object.fromEntries(
      DATABASES.map((name) => [name, 'owner postgres, UTF8, C.UTF-8, C.UTF-8, tablespace pg_default']),
    ),
  };
}
