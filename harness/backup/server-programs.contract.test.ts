import { imagesForTests } from '../cluster/test-cluster';
import { beginScratchRun, sleeper, type ScratchRun } from '../engine/scratch-run';
import type { Container } from '../engine/container';
import { parseControlData } from '../formats/controldata';
import { parseHistoryReason } from '../formats/history-reason';
import { compareLsn } from '../formats/lsn';
import { boundaryOf, type RecoveryTarget } from '../formats/recovery-target';
import { lastRecovery } from '../formats/server-log';
import { parseTimelineHistory } from '../formats/timeline-history';
import { microsTime } from '../formats/timestamptz';
import { firstLsnOf, nextWalName, walNameOf } from '../formats/wal-name';
import { droppedDatabases, parseWaldump, restorePointName, timelineSwitch, type WalRecord } from '../formats/waldump';
import { parseEndOfWal } from '../formats/waldump-end';

const MEGABYTE = 1024 * 1024;
/** Targets that name a place: each has its value under the name of its kind. */
type Asked = Exclude<RecoveryTarget, { kind: 'immediate' | 'latest' }>;
const markers = ['first', 'aborted', 'ddl', 'doubt', 'nested', 'undone', 'last'];

/** A server of small segments, archiving; backed up; then one of each kind of transaction's end, in this order. */
const workload = `
set -eu
initdb -D /tmp/server -k -N -A trust --wal-segsize=1 > /dev/null
mkdir /tmp/archive
cat >> /tmp/server/postgresql.conf << CONF
unix_socket_directories = '/tmp'
listen_addresses = ''
archive_mode = on
archive_command = 'cp %p /tmp/archive/%f'
track_commit_timestamp = on
wal_log_hints = on
max_prepared_transactions = 2
timezone = UTC
log_timezone = UTC
fsync = off
autovacuum = off
shared_buffers = 16MB
CONF
pg_ctl -w -D /tmp/server -l /tmp/server.log start > /dev/null
psql -Xq -c 'CREATE TABLE marker (name text PRIMARY KEY)'
pg_basebackup -D /tmp/base -c fast -X none 2> /dev/null
psql -XqAt -F ' ' -v ON_ERROR_STOP=1 << 'SQL'
SELECT 'begin', pg_current_wal_insert_lsn();
BEGIN; INSERT INTO marker VALUES ('first'); SELECT 'first', pg_current_xact_id(); COMMIT;
BEGIN; INSERT INTO marker VALUES ('aborted'); SELECT 'aborted', pg_current_xact_id(); ROLLBACK;
BEGIN; INSERT INTO marker VALUES ('ddl'); CREATE TABLE late (id int PRIMARY KEY); DROP TABLE late;
SELECT 'ddl', pg_current_xact_id(); COMMIT;
BEGIN; INSERT INTO marker VALUES ('doubt'); SELECT 'doubt', pg_current_xact_id();
PREPARE TRANSACTION 'gid, of: doubt';
SELECT pg_create_restore_point('the "middle", of it') IS NULL AS never \\gset
BEGIN; SAVEPOINT s; INSERT INTO marker VALUES ('nested'); RELEASE s; SELECT 'nested', pg_current_xact_id(); COMMIT;
COMMIT PREPARED 'gid, of: doubt';
BEGIN; INSERT INTO marker VALUES ('undone'); SELECT 'undone', pg_current_xact_id();
PREPARE TRANSACTION 'undone';
ROLLBACK PREPARED 'undone';
CREATE DATABASE doomed STRATEGY wal_log;
SELECT 'doomed', oid FROM pg_database WHERE datname = 'doomed';
DROP DATABASE doomed;
BEGIN; INSERT INTO marker VALUES ('last'); SELECT 'last', pg_current_xact_id(); COMMIT;
SELECT 'end', pg_current_wal_insert_lsn();
SELECT 'system', system_identifier FROM pg_control_system();
SQL
psql -XqAt -c 'SELECT pg_current_xact_id() IS NULL; SELECT pg_switch_wal() IS NULL' > /dev/null
pg_controldata /tmp/server > /tmp/running.control
cp -r /tmp/server/pg_wal /tmp/live
pg_ctl -w -D /tmp/server -m fast stop > /dev/null`;

/** Restores the backup up to a target; ends once the server takes writes, or has ended. */
const restore = `
set -eu
rm -rf /tmp/restored /tmp/restored.log
cp -r /tmp/base /tmp/restored
chmod 0700 /tmp/restored
cat >> /tmp/restored/postgresql.conf << CONF
archive_mode = off
restore_command = 'cp /tmp/archive/%f %p'
recovery_target_timeline = '1'
recovery_target_action = promote
$TARGET
CONF
touch /tmp/restored/recovery.signal
pg_ctl -w -D /tmp/restored -l /tmp/restored.log start > /dev/null || exit 0
timeout 60 bash -c 'until [ "$(psql -XqAt -c "SELECT pg_is_in_recovery()")" = f ]; do pg_ctl -D /tmp/restored status > /dev/null || exit 0; done' 2> /dev/null
pg_ctl -D /tmp/restored status > /dev/null || exit 0
psql -XqAt -c 'SELECT name FROM marker'
pg_ctl -w -D /tmp/restored -m fast stop > /dev/null`;

describe('programs of the server, read by our parsers', () => {
  let scratch: ScratchRun;
  let server: Container;
  /** What the server said of itself: a transaction's xid by its marker, and the other labelled values. */
  const said = new Map<string, string>();
  let records: WalRecord[] = [];

  const run = async (script: string, environment: Record<string, string> = {}) =>
    server.exec(['bash', '-c', script], {
      user: 'postgres',
      check: true,
      environment: { TZ: 'UTC', LC_ALL: 'C', PGHOST: '/tmp', ...environment },
    });
  const waldump = (args: string, environment: Record<string, string> = {}) =>
    run(`pg_waldump ${args} 2>&1 || true`, environment).then(({ stdout }) => stdout);
  const xid = (marker: string) => said.get(marker) ?? '';
  const markerByXid = () => new Map(markers.map((marker) => [xid(marker), marker]));
  const segmentOf = (label: string) => walNameOf(1, said.get(label) ?? '', MEGABYTE);

  beforeAll(async () => {
    scratch = await beginScratchRun();
    const { node } = await imagesForTests(scratch.engine, ['node']);
    server = await scratch.start('server', { image: node, entrypoint: sleeper.slice(0, 1), command: sleeper.slice(1) });
    for (const line of (await run(workload)).stdout.split('\n').filter(Boolean)) {
      const [label = '', value = ''] = line.split(' ');
      said.set(label, value);
    }
    records = parseWaldump(await waldump(`-p /tmp/archive ${segmentOf('begin')} ${segmentOf('end')}`));
  });
  afterAll(() => scratch?.end());

  test('pg_waldump › every record is read, each linked to the one before', async () => {
    const text = await waldump(`-p /tmp/archive ${segmentOf('begin')} ${segmentOf('end')}`);
    expect(records).toHaveLength(text.match(/^rmgr: /gm)?.length ?? 0);
    expect(records.length).toBeGreaterThan(100);
    const broken = records.filter((record, index) => index > 0 && record.prev !== records[index - 1]?.lsn);
    expect(broken).toEqual([]);
  });

  test('pg_waldump › every kind of end of a transaction, in WAL order, with the server’s own commit times', async () => {
    const since = records.filter(
      (record) => record.transaction && compareLsn(record.lsn, said.get('begin') ?? '') >= 0,
    );
    const named = markerByXid();
    const ends = since.flatMap(({ transaction }) => {
      const name = named.get(transaction!.xid);
      return name ? [`${transaction!.action} ${name}`] : [];
    });
    expect(ends).toEqual([
      'COMMIT first',
      'ABORT aborted',
      'COMMIT ddl',
      'PREPARE doubt',
      'COMMIT nested',
      'COMMIT_PREPARED doubt',
      'PREPARE undone',
      'ABORT_PREPARED undone',
      'COMMIT last',
    ]);
    expect(since.flatMap(({ transaction }) => transaction?.gid ?? [])).toEqual(['gid, of: doubt', 'undone']);
    const committed = since.filter(({ transaction }) => /^COMMIT/.test(transaction!.action));
    const { stdout } = await run(
      `pg_ctl -w -D /tmp/server -l /tmp/server.log start > /dev/null
       psql -XqAt -c "SELECT pg_xact_commit_timestamp(x::xid) FROM unnest('{${committed.map(({ transaction }) => transaction!.xid).join(',')}}'::text[]) x"
       pg_ctl -w -D /tmp/server -m fast stop > /dev/null`,
    );
    expect(stdout.trim().split('\n').map(microsTime)).toEqual(
      committed.map(({ transaction }) => microsTime(transaction!.time)),
    );
  });

  test('pg_waldump › restore points and dropped databases are found', () => {
    expect(records.map(restorePointName).filter(Boolean)).toEqual(['the "middle", of it']);
    expect(records.flatMap(droppedDatabases).map(({ database }) => database)).toEqual([said.get('doomed')]);
  });

  test('pg_waldump › times of another zone are refused, not misread', async () => {
    const text = await waldump(`-p /tmp/archive ${segmentOf('begin')} ${segmentOf('end')}`, { TZ: 'Asia/Bangkok' });
    expect(() => parseWaldump(text)).toThrow(/another zone/);
  });

  test('pg_waldump › a live end, a whole segment, a gap and a flipped byte are told apart', async () => {
    const [first, last] = [segmentOf('begin'), segmentOf('end')];
    expect(parseEndOfWal(await waldump(`-p /tmp/archive ${first} ${last}`))).toBeNull();
    expect(parseEndOfWal(await waldump(`-p /tmp/live ${nextWalName(last, MEGABYTE)}`))).toMatchObject({
      kind: 'bad-record',
      unwritten: true,
    });
    const gone = nextWalName(first, MEGABYTE);
    await run(`cp -r /tmp/archive /tmp/gap && rm /tmp/gap/${gone}`);
    const gap = parseEndOfWal(await waldump(`-p /tmp/gap ${first} ${last}`));
    expect(gap).toMatchObject({ kind: 'missing-file', file: gone });
    const commit = records.find((record) => record.transaction?.xid === xid('ddl'))!;
    const segment = walNameOf(1, commit.lsn, MEGABYTE);
    const offset = Number(BigInt(`0x${commit.lsn.split('/')[1]}`) % BigInt(MEGABYTE)) + 30;
    await run(`mkdir -p /tmp/flipped && cp /tmp/archive/${segment} /tmp/flipped &&
      perl -e 'open F, "+<", $ARGV[0]; seek F, $ARGV[1], 0; read F, $b, 1; seek F, $ARGV[1], 0; print F chr(255 ^ ord $b)' /tmp/flipped/${segment} ${offset}`);
    const flipped = await waldump(`-p /tmp/flipped ${segment}`);
    expect(parseEndOfWal(flipped)).toMatchObject({ kind: 'bad-record', unwritten: false, atLsn: commit.lsn });
    expect(parseWaldump(flipped).at(-1)?.lsn).toBe(commit.prev);
  });

  test('names of segments are those of the server, for its size of segment', async () => {
    const lsns = ['0/900028', '0/FFFFFFFF', '1/1', 'A/BC123456'];
    const { stdout } = await run(
      `pg_ctl -w -D /tmp/server -l /tmp/server.log start > /dev/null
       psql -XqAt -F ' ' -c "SELECT pg_walfile_name(l::pg_lsn), pg_walfile_name(l::pg_lsn + 1048576) FROM unnest('{${lsns.join(',')}}'::text[]) l"
       pg_ctl -w -D /tmp/server -m fast stop > /dev/null`,
    );
    const expected = lsns.map((lsn) => {
      const name = walNameOf(1, lsn, MEGABYTE);
      return `${name} ${nextWalName(name, MEGABYTE)}`;
    });
    expect(stdout.trim().split('\n')).toEqual(expected);
  });

  test('pg_controldata › of a running server, of its base backup and of a stopped one', async () => {
    const running = parseControlData(await server.readFile('/tmp/running.control'));
    expect(running).toMatchObject({
      systemIdentifier: said.get('system'),
      state: 'in production',
      timeline: 1,
      walSegmentSize: MEGABYTE,
      checksumVersion: 1,
      trackCommitTimestamp: true,
      walLogHints: true,
      minRecoveryEndLsn: '0/0',
    });
    const backup = parseControlData((await run('pg_controldata /tmp/base')).stdout);
    expect(backup.systemIdentifier).toBe(said.get('system'));
    expect(compareLsn(backup.redoLsn, said.get('begin') ?? '')).toBe(-1);
    const stopped = parseControlData((await run('pg_controldata /tmp/server')).stdout);
    expect(stopped.state).toBe('shut down');
    expect(stopped.redoLsn).toBe(stopped.checkpointLsn);
    expect(compareLsn(firstLsnOf(stopped.redoWalFile, MEGABYTE), stopped.redoLsn)).toBe(-1);
  });

  const timeOf = (marker: string) =>
    records.find((record) => record.transaction?.xid === xid(marker))!.transaction!.time;
  const lsnOf = (marker: string) => records.find((record) => record.transaction?.xid === xid(marker))!.lsn;

  test.each<[string, () => Asked, RegExp]>([
    ['time of a commit', () => ({ kind: 'time', time: timeOf('ddl') }), /^stopping before commit of nested$/],
    [
      'time of a commit, exclusive',
      () => ({ kind: 'time', time: timeOf('ddl'), inclusive: false }),
      /^stopping before commit of ddl$/,
    ],
    [
      'time of an abort, exclusive',
      () => ({ kind: 'time', time: timeOf('aborted'), inclusive: false }),
      /^stopping before abort of aborted$/,
    ],
    ['xid', () => ({ kind: 'xid', xid: xid('nested') }), /^stopping after commit of nested$/],
    ['xid of a prepared transaction', () => ({ kind: 'xid', xid: xid('doubt') }), /^stopping after commit of doubt$/],
    ['xid, exclusive', () => ({ kind: 'xid', xid: xid('last'), inclusive: false }), /^stopping before commit of last$/],
    ['LSN', () => ({ kind: 'lsn', lsn: lsnOf('ddl') }), /^stopping after LSN$/],
    ['LSN, exclusive', () => ({ kind: 'lsn', lsn: lsnOf('ddl'), inclusive: false }), /^stopping before LSN$/],
    ['restore point', () => ({ kind: 'name', name: 'the "middle", of it' }), /^stopping at the "middle", of it$/],
  ])(
    'recovery to %s › stops where our rule says, and the log and the history tell it alike',
    async (_, make, words) => {
      const target = make();
      const { stdout } = await run(restore, { TARGET: settingsOf(target) });
      const log = await server.readFile('/tmp/restored.log');
      const recovery = lastRecovery(log)!;
      const names = markerByXid();
      expect(stopInWords(recovery.stop, names)).toMatch(words);

      const kept = records.slice(0, boundaryOf(target, records)!);
      const expected = kept
        .filter(({ transaction }) => transaction && /^COMMIT/.test(transaction.action))
        .flatMap(({ transaction }) => names.get(transaction!.xid) ?? []);
      expect(stdout.split('\n').filter(Boolean).sort()).toEqual(expected.sort());

      const history = parseTimelineHistory(2, await server.readFile('/tmp/restored/pg_wal/00000002.history'));
      expect(history.ancestors).toMatchObject([{ timeline: 1 }]);
      const { endLsn, reason } = history.ancestors[0]!;
      const parsed = parseHistoryReason(reason);
      expect(parsed.kind).toBe(target.kind);
      if (parsed.kind === 'time' && recovery.stop?.kind === 'transaction')
        expect(parsed).toMatchObject({ when: recovery.stop.when, time: recovery.stop.time });
      expect(recovery).toMatchObject({ newTimeline: 2, complete: true, endedBeforeTarget: false });
      // The new timeline begins with a record that names both.
      const begun = parseWaldump(await waldump(`-p /tmp/restored/pg_wal -t 2 -s ${endLsn} -n 1`));
      expect(begun.map(timelineSwitch)).toEqual([{ timeline: 2, previous: 1 }]);
      const control = parseControlData((await run('pg_controldata /tmp/restored')).stdout);
      expect(control).toMatchObject({ timeline: 2, state: 'shut down', systemIdentifier: said.get('system') });
    },
  );

  test('recovery to a time after the last commit › ends before its target, and says so', async () => {
    const target: Asked = { kind: 'time', time: '2999-01-01 00:00:00+00' };
    const { stdout } = await run(restore, { TARGET: settingsOf(target) });
    expect(stdout).toBe('');
    expect(boundaryOf(target, records)).toBeNull();
    expect(lastRecovery(await server.readFile('/tmp/restored.log'))).toMatchObject({
      endedBeforeTarget: true,
      stop: null,
    });
  });
});

function settingsOf(target: Asked): string {
  const inclusive = 'inclusive' in target && target.inclusive === false ? '\nrecovery_target_inclusive = off' : '';
  return `recovery_target_${target.kind} = '${(target as Record<string, unknown>)[target.kind]}'${inclusive}`;
}

function stopInWords(stop: NonNullable<ReturnType<typeof lastRecovery>>['stop'], names: Map<string, string>): string {
  if (stop?.kind === 'transaction') return `stopping ${stop.when} ${stop.end} of ${names.get(stop.xid)}`;
  if (stop?.kind === 'lsn') return `stopping ${stop.when} LSN`;
  return stop?.kind === 'name' ? `stopping at ${stop.name}` : 'did not stop';
}
