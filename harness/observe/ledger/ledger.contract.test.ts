import { Client } from 'pg';
import { endedWell, walkWal } from '../../backup/wal-walk';
import { imagesForTests } from '../../cluster/test-cluster';
import { removeRun } from '../../engine/cleanup';
import { connectEngine } from '../../engine/connect';
import type { Container } from '../../engine/container';
import { startSinglePostgres } from '../../engine/single-postgres';
import { formatIntervals, fromNumbers } from '../../formats/intervals';
import { microsTime } from '../../formats/timestamptz';
import { walNameOf } from '../../formats/wal-name';
import type { WalRecord } from '../../formats/waldump';
import type { LedgerEvidence } from '../../record/evidence';
import type { RecoveryTarget } from '../../record/recovery';
import { newId } from '../../run/ids';
import { nowText } from '../../run/recorder';
import { until } from '../../run/until';
import type { LedgerEntry } from './entry';
import { readLedger } from './read-back';
import { splitLedger } from './split';
import { ledgerTables } from './table';
import { openSession, sendTransaction, type LedgerSession } from './transaction';
import { WalOrder } from './wal-order';
import { walPath } from '../../formats/wal-path';

jest.setTimeout(300_000);

const context = { deadlineScale: 3, signal: new AbortController().signal };
const segmentSize = 16 * 1024 * 1024;
const folder = '/var/lib/postgresql/single/pg_wal';

describe('the ledger and a real server', () => {
  const run = newId();
  const opened: Client[] = [];
  let container: Container;
  let observer: Client;
  let remove: () => Promise<unknown> = () => Promise.resolve();
  let seq = 0;

  const connect = async (): Promise<Client> => {
    const client = new Client({
      host: '127.0.0.1',
      port: await container.hostPort(5432),
      user: 'postgres',
      password: 'only-for-this-test',
      database: 'postgres',
    });
    client.on('error', () => undefined);
    await client.connect();
    opened.push(client);
    return client;
  };
  const writer = async (): Promise<LedgerSession> => openSession(await connect(), 'db1');
  const value = async (sql: string): Promise<string> =>
    String(Object.values<unknown>((await observer.query<Record<string, unknown>>(sql)).rows[0] ?? {})[0]);
  const newEntry = (parts = 1): LedgerEntry => ({
    seq: (seq += 1),
    parts,
    writer: 1,
    sentAt: nowText(),
    member: 'db1',
    state: 'indeterminate',
  });
  const send = async (session: LedgerSession, parts = 1): Promise<{ entry: LedgerEntry; usable: boolean }> => {
    const entry = newEntry(parts);
    return { entry, usable: await sendTransaction(session, entry) };
  };
  const rowsOf = async ({ seq: number }: LedgerEntry): Promise<string> =>
    value(
      `SELECT count(*) || ' rows of ' || count(DISTINCT xmin::text) || ' transactions' FROM ledger.entry WHERE seq = ${number}`,
    );
  /** A session that does something else just before it commits, on the same connection. */
  const meddling = (session: LedgerSession, sql: string): LedgerSession => ({
    member: session.member,
    get warned() {
      return session.warned;
    },
    set warned(warned) {
      session.warned = warned;
    },
    client: new Proxy(session.client, {
      get(client, name) {
        if (name !== 'query') return Reflect.get(client, name, client) as unknown;
        return async (query: string) => {
          if (query === 'COMMIT') await client.query(sql).catch(() => undefined);
          return client.query(query);
        };
      },
    }),
  });

  beforeAll(async () => {
    const engine = await connectEngine();
    remove = () => removeRun(engine, run);
    const { node } = await imagesForTests(engine, ['node']);
    container = await startSinglePostgres(engine, {
      run,
      name: `pgdrill-${run}-single`,
      image: node,
      password: 'only-for-this-test',
    });
    observer = await until('query answered', context, connect);
    await observer.query('CREATE SCHEMA ledger');
    for (const table of ledgerTables) await observer.query(table);
  });
  afterAll(async () => {
    await Promise.allSettled(opened.map((client) => client.end()));
    await remove();
  });

  describe('what the answer means', () => {
    test.each([1, 2, 4])('%d rows › one transaction, acknowledged with its xid and timeline', async (parts) => {
      const { entry, usable } = await send(await writer(), parts);
      expect(usable).toBe(true);
      expect(entry).toMatchObject({ state: 'acknowledged', timeline: 1 });
      expect(await rowsOf(entry)).toBe(`${parts} rows of 1 transactions`);
      expect(await value(`SELECT pg_xact_status('${entry.xid}'::xid8)`)).toBe('committed');
      expect(await value(`SELECT DISTINCT xmin::text FROM ledger.entry WHERE seq = ${entry.seq}`)).toBe(entry.xid);
    });

    test('COMMIT answered by ROLLBACK › failed', async () => {
      const { entry, usable } = await send(meddling(await writer(), 'SELECT 1 / 0'), 3);
      expect([entry.state, usable, await rowsOf(entry)]).toEqual(['failed', false, '0 rows of 0 transactions']);
      expect(entry.acknowledgedAt).toBeUndefined();
    });

    test('COMMIT with a WARNING › indeterminate', async () => {
      const { entry, usable } = await send(meddling(await writer(), 'ROLLBACK'), 2);
      expect([entry.state, usable]).toEqual(['indeterminate', true]);
      expect(entry.acknowledgedAt).toBeUndefined();
    });

    test('an error at COMMIT › failed', async () => {
      await observer.query(`CREATE FUNCTION ledger.refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'no'; END $$;
        CREATE CONSTRAINT TRIGGER refuse AFTER INSERT ON ledger.entry DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ledger.refuse()`);
      const session = await writer();
      const answers = [await send(session, 2), await send(session, 1)];
      await observer.query('DROP TRIGGER refuse ON ledger.entry');
      for (const { entry } of answers) {
        expect([entry.state, await rowsOf(entry)]).toEqual(['failed', '0 rows of 0 transactions']);
      }
    });

    test.each([1, 3])('a server that is read only › failed, %d rows', async (parts) => {
      const session = await writer();
      await session.client.query('SET default_transaction_read_only = on');
      const { entry, usable } = await send(session, parts);
      expect([entry.state, usable]).toEqual(['failed', false]);
    });

    test('ended while it waits › one row: nobody knows; several rows, never told to commit: failed', async () => {
      const blocker = await connect();
      await blocker.query('BEGIN; LOCK TABLE ledger.entry IN EXCLUSIVE MODE');
      const answers = await Promise.all(
        [1, 2].map(async (parts) => {
          const session = await writer();
          const pid = (await session.client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')).rows[0]!.pid;
          const answer = send(session, parts);
          await until('query answered', context, async () => {
            const waiting = await value(`SELECT wait_event_type FROM pg_stat_activity WHERE pid = ${pid}`);
            return waiting === 'Lock';
          });
          await value(`SELECT pg_terminate_backend(${pid})`);
          return answer;
        }),
      );
      await blocker.query('ROLLBACK');
      expect(answers.map(({ entry, usable }) => [entry.parts, entry.state, usable])).toEqual([
        [1, 'indeterminate', false],
        [2, 'failed', false],
      ]);
    });
  });

  test('read back › whole transactions and halves, apart', async () => {
    const session = await writer();
    const sent = [];
    for (const parts of [1, 2, 3, 4, 2]) sent.push((await send(session, parts)).entry.seq);
    await observer.query('DELETE FROM ledger.entry WHERE seq = $1 AND part = 2', [sent[2]]);
    await observer.query('DELETE FROM ledger.entry WHERE seq = $1 AND part = 1', [sent[4]]);
    const asked: Parameters<typeof readLedger>[0] = {
      query: async <R extends object>(sql: string) => (await observer.query(sql)).rows as R[],
    };
    const { whole, halves } = await readLedger(asked);
    expect(whole.endsWith(`${sent[0]}-${sent[1]},${sent[3]}`)).toBe(true);
    expect(halves).toBe(formatIntervals(fromNumbers([sent[2]!, sent[4]!])));
  });

  describe('where each target stops', () => {
    /** Ten transactions one after the other, the fifth rolled back, and what the server said in between. */
    const entries: LedgerEntry[] = [];
    const between: { time: string; lsn: string }[] = [];
    /** Where the commit record of each begins. */
    const commitAt: string[] = [];
    let rolledBack: { xid: string; lsn: string };
    let start: string;

    beforeAll(async () => {
      const session = await writer();
      start = await value('SELECT pg_current_wal_insert_lsn()');
      for (let index = 0; index < 10; index += 1) {
        if (index === 5) {
          await session.client.query('BEGIN');
          await session.client.query('INSERT INTO ledger.probe (id) VALUES ($1)', ['rolled back']);
          const [row] = (
            await session.client.query<{ xid: string; lsn: string }>(
              'SELECT pg_current_xact_id()::text AS xid, pg_current_wal_insert_lsn()::text AS lsn',
            )
          ).rows;
          rolledBack = row!;
          await session.client.query('ROLLBACK');
        }
        // Asked inside the transaction, after its last row: its commit record begins here.
        const asking = { ...session } as LedgerSession;
        let lsn = '';
        const { entry } = await send(
          {
            ...asking,
            client: new Proxy(session.client, {
              get(client, name) {
                if (name !== 'query') return Reflect.get(client, name, client) as unknown;
                return async (query: string) => {
                  if (query === 'COMMIT') lsn = await value('SELECT pg_current_wal_insert_lsn()');
                  return client.query(query);
                };
              },
            }),
          },
          2 + (index % 3),
        );
        entries.push(entry);
        commitAt.push(lsn);
        const here = await observer.query<{ time: string; lsn: string }>(
          'SELECT clock_timestamp()::text AS time, pg_current_wal_insert_lsn()::text AS lsn',
        );
        between.push(here.rows[0]!);
        if (index === 2 || index === 6) await value("SELECT pg_create_restore_point('twice')");
        if (index === 3) await value('SELECT pg_switch_wal()');
      }
      expect(entries.map(({ state }) => state)).toEqual(Array(10).fill('acknowledged'));
    });

    const walk = async (each: (record: WalRecord) => void, rmgrs?: string[]): Promise<void> => {
      const now = await value('SELECT pg_current_wal_insert_lsn()');
      const last = walNameOf(1, now, segmentSize);
      const { stdout } = await container.exec(['ls', folder]);
      const held = stdout.split('\n').filter((name) => name <= last);
      const { segments } = walPath({ timeline: 1, ancestors: [] }, held, start, segmentSize);
      expect(segments.length).toBeGreaterThan(1);
      const files = segments.map(({ name, file }) => ({ name, file: `${folder}/${file}` }));
      const end = await walkWal(context, container, files, { user: 'postgres', ...(rmgrs ? { rmgrs } : {}) }, each);
      expect(endedWell(end)).toBe(true);
    };
    const placed = async (target: RecoveryTarget, consistentLsn?: string, all = entries): Promise<LedgerEvidence> => {
      const history = { timeline: 1, ancestors: [] };
      const order = new WalOrder({ target, history, replayFrom: start, consistentLsn });
      await walk((record) => order.add(record), target.kind === 'name' ? ['Transaction', 'XLOG'] : undefined);
      const way = { order, has: () => true, leftAndWhole: () => false, whole: true };
      const evidence = await splitLedger({ writers: 1, entries: all, target: way, targetTimeline: 1 });
      expect(evidence.unplaced).toBe('');
      return evidence;
    };
    /** How many of the ten are kept, and the xid at the boundary. */
    const kept = async (target: RecoveryTarget, consistentLsn?: string) => {
      const { before, discardedBefore, boundary } = await placed(target, consistentLsn);
      const numbers = (list: LedgerEntry[]) => formatIntervals(fromNumbers(list.map((entry) => entry.seq)));
      const count = entries.findLastIndex((entry) => before.split(/[-,]/).includes(String(entry.seq))) + 1;
      expect(before).toBe(numbers(entries.slice(0, count)));
      expect(discardedBefore).toBe(numbers(entries.slice(count)));
      return [count, boundary?.xid];
    };
    const xid = (index: number): string => entries[index]?.xid ?? 'none';

    test('a time between two commits › those before it', async () => {
      for (const inclusive of [true, false]) {
        expect(await kept({ kind: 'time', time: between[1]!.time, inclusive })).toEqual([2, xid(2)]);
        expect(await kept({ kind: 'time', time: between[6]!.time, inclusive })).toEqual([7, xid(7)]);
        // After the fifth comes a rollback, and that is where replay stops.
        expect(await kept({ kind: 'time', time: between[4]!.time, inclusive })).toEqual([5, rolledBack.xid]);
      }
    });

    test('the very microsecond of a commit › inclusive keeps it, exclusive does not', async () => {
      const { boundary } = await placed({ kind: 'time', time: between[6]!.time, inclusive: true });
      const { time } = boundary!;
      expect(microsTime(time)).toBeGreaterThan(microsTime(between[6]!.time));
      expect(microsTime(time)).toBeLessThan(microsTime(between[7]!.time));
      expect(await kept({ kind: 'time', time, inclusive: true })).toEqual([8, xid(8)]);
      expect(await kept({ kind: 'time', time, inclusive: false })).toEqual([7, xid(7)]);
    });

    test('an xid › inclusive keeps it, exclusive does not; of a rollback too', async () => {
      for (const index of [0, 3, 8]) {
        expect(await kept({ kind: 'xid', xid: xid(index), inclusive: true })).toEqual([
          index + 1,
          index === 4 ? rolledBack.xid : xid(index + 1),
        ]);
        expect(await kept({ kind: 'xid', xid: xid(index), inclusive: false })).toEqual([index, xid(index)]);
      }
      expect(await kept({ kind: 'xid', xid: rolledBack.xid, inclusive: true })).toEqual([5, xid(5)]);
      expect(await kept({ kind: 'xid', xid: rolledBack.xid, inclusive: false })).toEqual([5, rolledBack.xid]);
    });

    test('the LSN of a commit record › inclusive keeps it, exclusive does not', async () => {
      for (const index of [0, 2, 7]) {
        const target = { kind: 'lsn', lsn: commitAt[index]! } as const;
        expect(await kept({ ...target, inclusive: true })).toEqual([index + 1, xid(index + 1)]);
        expect(await kept({ ...target, inclusive: false })).toEqual([index, xid(index)]);
      }
    });

    test('the LSN of another record › it is kept or not, the commit after it is not either way', async () => {
      for (const index of [1, 6]) {
        const target = { kind: 'lsn', lsn: between[index]!.lsn } as const;
        expect(await kept({ ...target, inclusive: true })).toEqual([index + 1, xid(index + 1)]);
        expect(await kept({ ...target, inclusive: false })).toEqual([index + 1, xid(index + 1)]);
      }
    });

    test('a name › the first of two restore points', async () => {
      expect(await kept({ kind: 'name', name: 'twice' })).toEqual([3, xid(3)]);
    });

    test('immediate › where the backup becomes consistent', async () => {
      expect(await kept({ kind: 'immediate' }, between[7]!.lsn)).toEqual([8, xid(8)]);
      expect(await kept({ kind: 'immediate' }, commitAt[8])).toEqual([8, xid(8)]);
    });

    test('latest › all of them, and no boundary', async () => {
      expect(await kept({ kind: 'latest' })).toEqual([10, undefined]);
    });

    test('many clients at once, over the border of a segment › each has its place, in the order of the WAL', async () => {
      const many: LedgerEntry[] = [];
      const sessions = await Promise.all(Array.from({ length: 12 }, writer));
      await Promise.all(
        sessions.map(async (session, number) => {
          for (let turn = 0; turn < 150; turn += 1) {
            if (number === 0 && turn % 50 === 25) await value('SELECT pg_switch_wal()');
            many.push((await send(session, turn % 8 === 0 ? 3 : 1)).entry);
          }
        }),
      );
      const all = await placed({ kind: 'latest' }, undefined, many);
      expect(all).toMatchObject({ sent: 1800, acknowledged: 1800, discardedBefore: '' });
      expect(all.before).toBe(formatIntervals(fromNumbers(many.map((entry) => entry.seq))));
      const middle = many[900]!;
      const half = await placed({ kind: 'xid', xid: middle.xid!, inclusive: false }, undefined, many);
      expect(half.boundary?.xid).toBe(middle.xid);
      // What was acknowledged before another was sent is before it in the WAL.
      const before = new Set(fromText(half.before));
      for (const entry of many) {
        if (entry.acknowledgedAt! < middle.sentAt) expect(before).toContain(entry.seq);
        if (entry.sentAt > middle.acknowledgedAt!) expect(before).not.toContain(entry.seq);
      }
    });
  });
});

function fromText(intervals: string): number[] {
  return intervals.split(',').flatMap((run) => {
    const [first = 0, last = first] = run.split('-').map(Number);
    return Array.from({ length: last - first + 1 }, (_, index) => first + index);
  });
}
