import { readFileSync } from 'node:fs';
import path from 'node:path';
import { makeBackup } from '../backup/base-backup';
import { awaitArchived, switchAndArchive } from '../backup/wal-archive';
import type { Cluster } from '../cluster/cluster';
import { bootForTests, type TestCluster } from '../cluster/test-cluster';
import { formatIntervals, fromNumbers, parseIntervals, sizeOf, subtract } from '../formats/intervals';
import { parseLsn } from '../formats/lsn';
import { parseTimelineHistory } from '../formats/timeline-history';
import { microsTime } from '../formats/timestamptz';
import { segmentAt, walNameFromNumber } from '../formats/wal-name';
import { observeLedger } from '../observe/collectors/ledger-evidence';
import { observeMember } from '../observe/collectors/member';
import type { LedgerEntry } from '../observe/ledger/entry';
import { Ledger, ledgerDatabase } from '../observe/ledger/ledger';
import { switchover } from '../operations/switchover';
import type { BackupRef } from '../record/backup-ref';
import type { LedgerEvidence } from '../record/evidence';
import type { RecoveryTarget } from '../record/recovery';
import { until } from '../run/until';

const writers = 4;

describe('ledger across a switchover', () => {
  let booted: TestCluster;
  let cluster: Cluster;
  let ledger: Ledger;
  let backup: BackupRef;
  let acknowledged: LedgerEntry[];
  /** A moment of the server's clock in the middle of the writing on timeline 1, and of the client's a little later. */
  let middle: string;
  let fencedAt: string;

  /** Everything that was sent, in the order of the answers. */
  let entries: LedgerEntry[];

  const awaitRows = async (count: number, timeline: number) => {
    const acknowledgedOn = () =>
      ledger.terms.filter((term) => term.timeline === timeline).reduce((sum, term) => sum + term.acknowledged, 0);
    const goal = acknowledgedOn() + count;
    await until('ledger writing', booted.run, () => acknowledgedOn() >= goal);
  };
  const observe = async () => {
    const leader = await cluster.leader();
    const readAt = await leader.value('SELECT pg_current_wal_lsn()');
    return Promise.all(
      cluster.nodes.map((node) =>
        observeMember(booted.run, cluster, node, { readAt, probe: 'asked', leads: node === leader }),
      ),
    );
  };
  const place = async (target: RecoveryTarget, timeline: number, fenced?: string): Promise<LedgerEvidence> => {
    const segmentSize = await (await cluster.leader()).segmentSize();
    const ask = { writers, target, targetTimeline: timeline, fencedAt: fenced, segmentSize, backup };
    return (await observeLedger(booted.run, cluster, ledger, ask)).ledger;
  };
  const numbers = (entries: readonly LedgerEntry[]) => formatIntervals(fromNumbers(entries.map((entry) => entry.seq)));

  beforeAll(async () => {
    booted = await bootForTests();
    cluster = booted.cluster;
    const leader = await cluster.leader();
    ledger = await Ledger.start(booted.run, cluster, { writers, perSecond: 200 });
    backup = await makeBackup(booted.run, cluster);
    await ledger.readEarly(leader, backup);
    await awaitRows(100, 1);
    middle = await leader.value('SELECT clock_timestamp()::text');
    await awaitRows(20, 1);
    fencedAt = new Date().toISOString().replace('T', ' ').replace('Z', '000+00');
    await awaitRows(20, 1);
    await switchover(booted.run, cluster);
    await awaitRows(50, 2);
    await ledger.stop();
    entries = [];
    for await (const entry of ledger.entries()) entries.push(entry);
    acknowledged = entries.filter((entry) => entry.state === 'acknowledged');
    // Timeline 1 ends with the segment before the one in which it was left: the old leader switches when it stops.
    const now = await cluster.awaitStreaming('members rejoined');
    const [left] = parseTimelineHistory(2, await now.history(2)).ancestors;
    const segmentSize = await now.segmentSize();
    const last = segmentAt(parseLsn(left!.endLsn), segmentSize) - 1n;
    await awaitArchived(booted.run, cluster.barman, walNameFromNumber(1, last, segmentSize));
    await switchAndArchive(booted.run, cluster.barman, now);
  });
  afterAll(() => booted?.end());

  test('every writer › commits before and after, through the old leader and the new one', () => {
    for (const timeline of [1, 2]) {
      const rows = acknowledged.filter((entry) => entry.timeline === timeline);
      expect(new Set(rows.map((entry) => entry.writer)).size).toBe(writers);
      expect(new Set(rows.map((entry) => entry.member)).size).toBe(1);
    }
    expect(new Set(entries.map((entry) => entry.member)).size).toBe(2);
    expect(new Set(entries.map((entry) => entry.seq)).size).toBe(entries.length);
  });

  test('file › has every entry, as it was reported', async () => {
    const lines = readFileSync(path.join(booted.run.dir, 'ledger.jsonl'), 'utf8').trim().split('\n');
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(entries);
    expect((await ledger.reference()).bytes).toBeGreaterThan(1_000);
    await ledger.stop();
  });

  test('every acknowledged row › is on every member afterwards, and nothing else than was sent', async () => {
    const sent = fromNumbers(entries.filter((entry) => entry.state !== 'failed').map((entry) => entry.seq));
    for (const member of await observe()) {
      expect(member.unreachable).toBeUndefined();
      const held = parseIntervals(member.ledger ?? '');
      expect(formatIntervals(subtract(fromNumbers(acknowledged.map((entry) => entry.seq)), held))).toBe('');
      expect(formatIntervals(subtract(held, sent))).toBe('');
      expect(member.timeline).toBe(2);
      expect(member.probe).toEqual({ expected: 'asked', found: 'nothing' });
    }
  });

  test('placed › with no target, every row of timeline 1 is before, every later one resumed, none without a place', async () => {
    const placed = await place({ kind: 'latest' }, 1);
    expect(placed).toMatchObject({
      sent: entries.length,
      acknowledged: acknowledged.length,
      before: numbers(acknowledged.filter((entry) => entry.timeline === 1)),
      resumed: numbers(acknowledged.filter((entry) => entry.timeline === 2)),
      indeterminate: numbers(entries.filter((entry) => entry.state === 'indeterminate')),
      discardedBefore: '',
      discardedDuring: '',
      unplaced: '',
    });
    expect(placed.boundary).toBeUndefined();
    expect(placed.multiRow).toBe(numbers(entries.filter((entry) => entry.state !== 'failed' && entry.parts > 1)));
    expect(placed.terms?.map(({ timeline, acknowledged: count }) => [timeline, count])).toEqual(
      [1, 2].map((timeline) => [timeline, acknowledged.filter((entry) => entry.timeline === timeline).length]),
    );
    expect(placed.load?.reachedPerSecond).toBeGreaterThan(0);
    expect(placed.file?.file).toBe('ledger.jsonl');
  });

  test('placed › on the way to timeline 2, the part of timeline 1 up to the switch counts too', async () => {
    const placed = await place({ kind: 'latest' }, 2);
    expect(placed).toMatchObject({ before: numbers(acknowledged), resumed: '', abandoned: '', unplaced: '' });
    const [left] = parseTimelineHistory(2, await (await cluster.leader()).history(2)).ancestors;
    expect(placed.placedOn).toMatchObject([{ timeline: 1, untilLsn: left!.endLsn }, { timeline: 2 }]);
    for (const timeline of [1, 2]) {
      const own = acknowledged.filter((entry) => entry.timeline === timeline);
      const commits = placed.placedOn?.find((part) => part.timeline === timeline)?.commits ?? 0;
      expect(commits).toBeGreaterThanOrEqual(own.length);
      // A target on either side of the switch parts them where the server committed that very transaction.
      const { xid } = own[Math.floor(own.length / 2)]!;
      const parted = await place({ kind: 'xid', xid: xid!, inclusive: false }, 2);
      expect(parted).toMatchObject({ boundary: { timeline, xid }, unplaced: '' });
      expect(sizeOf(parseIntervals(parted.before)) + sizeOf(parseIntervals(parted.discardedBefore))).toBe(
        acknowledged.length,
      );
    }
  });

  test('placed › by a time, as the server’s own commit times say; after the fence apart', async () => {
    const first = acknowledged.filter((entry) => entry.timeline === 1);
    const leader = await cluster.leader();
    const times = await leader.query<{ time: string }>(
      'SELECT pg_xact_commit_timestamp(x::xid)::text AS time FROM unnest($1::text[]) x',
      [first.map((entry) => entry.xid ?? '')],
    );
    const kept = new Set(first.filter((_, index) => microsTime(times[index]!.time) <= microsTime(middle)));
    const discarded = first.filter((entry) => !kept.has(entry));
    expect(Math.min(kept.size, discarded.length)).toBeGreaterThan(20);
    const late = (entry: LedgerEntry) => microsTime(entry.acknowledgedAt ?? '') > microsTime(fencedAt);
    const placed = await place({ kind: 'time', time: middle, inclusive: true }, 1, fencedAt);
    expect(placed).toMatchObject({
      before: numbers([...kept]),
      discardedBefore: numbers(discarded.filter((entry) => !late(entry))),
      discardedDuring: numbers(discarded.filter(late)),
      unplaced: '',
      boundary: { timeline: 1, record: 'COMMIT' },
    });
    expect(discarded.some(late)).toBe(true);
    expect(microsTime(placed.boundary!.time)).toBeGreaterThan(microsTime(middle));
  });

  test('a transaction removed by hand, and half of one › are missing in what every member is seen to hold', async () => {
    const removed = acknowledged[Math.floor(acknowledged.length / 2)]!.seq;
    const halved = acknowledged.find((entry) => entry.parts > 1 && entry.seq !== removed)!.seq;
    const [before] = await observe();
    expect(before?.ledgerHalves).toBe('');
    const leader = await cluster.leader();
    await leader.query('DELETE FROM ledger.entry WHERE seq = $1', [removed], ledgerDatabase);
    await leader.query('DELETE FROM ledger.entry WHERE seq = $1 AND part = 2', [halved], ledgerDatabase);
    for (const member of await observe()) {
      const gone = subtract(parseIntervals(before!.ledger ?? ''), parseIntervals(member.ledger ?? ''));
      expect(formatIntervals(gone)).toBe(formatIntervals(fromNumbers([removed, halved])));
      expect(member.ledgerHalves).toBe(String(halved));
    }
  });
});
