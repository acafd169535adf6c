import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { packageRoot } from '../../../bin/machine/root.cjs';
import { makeBackup } from '../../backup/base-backup';
import { bootForTests, type TestCluster } from '../../cluster/test-cluster';
import { switchover } from '../../operations/switchover';
import type { RunEvent } from '../../record/events';
import { momentsByServer, momentsByTable } from './zone-moments';

jest.setTimeout(1_500_000);

let test: TestCluster;
let folder: string;
/** The moment before the rows were deleted, with its zone. */
let moment: string;

beforeAll(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'pgdrill-pitr-cli-'));
  test = await bootForTests(3);
  // Which member wins the first election is nobody's choice; the tests recover on db2.
  if ((await test.cluster.leader()).name !== 'db1') await switchover(test.run, test.cluster, 'db1');
  const leader = await test.cluster.leader();
  await leader.query('CREATE TABLE kept AS SELECT g AS id FROM generate_series(1, 100) AS g');
  await makeBackup(test.run, test.cluster);
  moment = await deleteAll();
});
afterAll(async () => {
  await test.end();
  rmSync(folder, { recursive: true });
});

/** Deletes every row; returns a moment before it, after which nothing else was committed. */
async function deleteAll(): Promise<string> {
  const leader = await test.cluster.leader();
  const now = await leader.value('SELECT clock_timestamp()::text');
  await leader.query('DELETE FROM kept');
  return now;
}

/** The command as a script calls it: with no terminal. */
function called(
  args: string[],
  env: Record<string, string> = {},
): [string, string[], { cwd: string; env: typeof env }] {
  const entry = path.join(packageRoot(), 'bin/pgdrill.mjs');
  const cluster = args.includes('--cluster') ? [] : ['--cluster', test.run.id];
  const options = {
    cwd: folder,
    env: {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      LANG: 'C.UTF-8',
      PGDRILL_NO_INSTALL: '1',
      PGDRILL_DEADLINE_SCALE: process.env.PGDRILL_DEADLINE_SCALE ?? '3',
      ...env,
    },
  };
  return [process.execPath, [entry, 'pitr', ...args, ...cluster], options as { cwd: string; env: typeof env }];
}

function pitr(args: string[], env: Record<string, string> = {}) {
  const [node, words, options] = called(args, env);
  const { status, stdout, stderr } = spawnSync(node, words, { ...options, encoding: 'utf8', maxBuffer: 64 * 2 ** 20 });
  return { status, stdout, stderr };
}

/** Runs the command and interrupts it once it has printed something. */
async function interruptedAt(text: string, args: string[]) {
  const [node, words, options] = called(args);
  const child = spawn(node, words, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  const said = { stdout: '', stderr: '' };
  let sent = false;
  child.stdout.on('data', (data: Buffer) => {
    said.stdout += data.toString();
    if (!sent && said.stdout.includes(text)) sent = child.kill('SIGINT');
  });
  child.stderr.on('data', (data: Buffer) => (said.stderr += data.toString()));
  const [status] = (await once(child, 'close')) as [number | null];
  return { status, ...said };
}

const countOn = async (member: string): Promise<string> =>
  test.cluster.member(member).value('SELECT count(*) FROM kept');

describe('pgdrill pitr', () => {
  it.each([
    ['no words and no terminal', [], 64, 'there is no terminal to choose them on'],
    ['--restore without --target', ['latest', 'latest', '--restore'], 64, '--target db2 --restore'],
    ['no such day', ['latest', '2026-02-30 12:00', '--target', 'db2'], 64, 'February 2026 has 28 days'],
    ['no such member', ['latest', 'latest', '--target', 'db9'], 64, 'choose one of db1, db2, db3'],
    ['no such server', ['latest', 'latest', '--server', 'patroni2'], 2, 'did you mean patroni1?'],
    ['no such zone', ['latest', '2026-02-20 12:00 Mars/Base', '--target', 'db2'], 2, 'knows no time zone "Mars/Base"'],
    ['before the backup', ['latest', '2020-01-01 00:00', '--target', 'db2'], 2, 'PGDRILL_TARGET_BEFORE_BACKUP'],
    ['in the future', ['auto', '2126-01-01 00:00', '--target', 'db2'], 2, 'PGDRILL_TARGET_IN_FUTURE'],
    ['nothing to go on with', ['--resume'], 64, 'there is no half-done recovery of patroni1'],
  ])('%s › is refused, and nothing is changed', (_what, args, status, text) => {
    const result = pitr(args);
    expect(result.stderr).toContain(text);
    expect(result.stderr).toMatch(/^ {2}what to do: \S/m);
    expect(result.status).toBe(status);
  });

  it.each([
    ['2026-01-23 12:30:00.123456', 'Asia/Bangkok', 1],
    ['2026-04-05 01:45:00.000000', 'Australia/Lord_Howe', 2],
    ['2026-10-25 02:30:00.000000', 'Europe/Berlin', 2],
    ['2026-03-29 02:30:00.000000', 'Europe/Berlin', 0],
  ])('%s in %s › PostgreSQL and the table of this machine agree', async (clock, zone, moments) => {
    const found = await momentsByServer(await test.cluster.leader(), clock, zone);
    expect(found).toEqual(momentsByTable(clock, zone));
    expect(found.moments).toHaveLength(moments);
  });

  it('another PATRONI_CLUSTER_NAME › is refused', () => {
    expect(pitr(['status'], { PATRONI_CLUSTER_NAME: 'other' })).toMatchObject({
      status: 64,
      stderr: expect.stringContaining('PGDRILL_OTHER_SCOPE') as string,
    });
  });

  it('--dry-run › shows the plan, for people and as JSON, and leaves no folder', () => {
    const asked = ['--target', 'db3', '--restore', '--auto-start', '--dry-run'];
    const text = pitr(['auto', moment.replace(/[+-]\d+$/, ''), ...asked, '--server', 'db1']);
    expect(text).toMatchObject({ status: 0, stderr: '' });
    expect(text.stdout).toContain(
      'db1 is a member of patroni1; Barman keeps the backups of its cluster as server patroni1',
    );
    expect(text.stdout).toMatch(/as written: \S+ \S+ in UTC, the TimeZone of db1/);
    expect(text.stdout).toMatch(/node {6}db3; db1 leads now/);
    expect(text.stdout).toContain('Nothing was changed.');

    const json = pitr(['auto', moment, ...asked, '--json']);
    const plan = JSON.parse(json.stdout) as { node: string; mode: string; steps: { id: string }[] };
    expect(plan).toMatchObject({ node: 'db3', mode: 'cluster', fence: 'now' });
    expect(plan.steps.map(({ id }) => id)).toContain('rejoin');

    const refused = pitr(['auto', '2126-01-01 00:00', '--dry-run', '--json']);
    expect(refused.status).toBe(2);
    expect(JSON.parse(refused.stdout)).toMatchObject({ refused: { code: 'PGDRILL_TARGET_IN_FUTURE' } });
  });

  it('--restore --json › events; the cluster goes on; status, a second one refused; --rollback', async () => {
    const asked = ['auto', moment, '--target', 'db2', '--restore', '--report-dir', folder];
    const restored = pitr([...asked, '--json', '--expect', 'postgres: SELECT count(*) FROM kept => 100']);
    expect(restored.stderr).toContain('Recovered and verified: db2 is recovered and promoted, outside Patroni');
    const events = restored.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as RunEvent);
    expect(events[0]).toMatchObject({ kind: 'run-started', drill: 'pitr' });
    expect(events.at(-1)).toMatchObject({ kind: 'run-ended' });
    expect(events.find(({ kind }) => kind === 'verdict')).toMatchObject({ verdict: { outcome: 'passed' } });
    expect(restored.status).toBe(0);
    expect(await countOn('db2')).toBe('100');
    expect((await test.cluster.leader()).name).toBe('db1');
    expect(await countOn('db1')).toBe('0');
    const saved = events.find((event) => event.kind === 'file');
    const before =
      saved?.kind === 'file'
        ? readFileSync(path.join(folder, 'latest', runOf(events), saved.reference.file), 'utf8')
        : '';
    expect(JSON.parse(before)).toMatchObject({
      leader: 'db1',
      rows: { postgres: { 'public.kept': { rows: 0, by: 'count' } } },
    });

    const [waiting] = JSON.parse(pitr(['status', '--json']).stdout) as { journal: { state: string } }[];
    expect(waiting).toMatchObject({ journal: { state: 'waiting', plan: { node: 'db2' } }, writes: { count: 0 } });
    expect(pitr(asked)).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('PGDRILL_RECOVERY_UNFINISHED') as string,
    });

    const back = pitr(['--rollback', '--report-dir', folder]);
    expect(back.stderr).toBe('');
    expect(back.stdout).toContain('Rolled back: db1 leads patroni1 again');
    expect(back.status).toBe(0);
    await test.cluster.awaitStreaming('members rejoined');
    expect(await countOn('db2')).toBe('0');
    expect(pitr(['status']).stdout).toContain('no recovery of patroni1 is half-done');
  });

  it('SIGINT in the middle of a step › 130, and the two commands, which both hold', async () => {
    const asked = ['auto', moment, '--target', 'db2', '--restore', '--report-dir', folder];
    const { status, stdout, stderr } = await interruptedAt('into the data directory of db2', asked);
    expect(stderr).toContain('PGDRILL_INTERRUPTED');
    expect(stdout).toMatch(/^Interrupted in step 3 of 5, restore/m);
    const id = /--resume (\S+)$/m.exec(stdout)?.[1] ?? 'no id';
    expect(stdout).toContain(`--rollback ${id}`);
    expect(status).toBe(130);
    expect(pitr(['status']).stdout).toContain('stands     interrupted at step 3 of 5, restore');

    const resumed = pitr(['--resume', id, '--report-dir', folder]);
    expect(resumed).toMatchObject({ status: 0, stderr: '' });
    expect(await countOn('db2')).toBe('100');
    expect(pitr(['--rollback', id.slice(0, 18), '--report-dir', folder])).toMatchObject({ status: 0, stderr: '' });
    await test.cluster.awaitStreaming('members rejoined');
    expect(await countOn('db2')).toBe('0');
  });

  it('no --target › files; the printed commands, typed line by line, end with a recovered cluster', async () => {
    const made = pitr(['latest', moment, '--report-dir', folder]);
    expect(made).toMatchObject({ status: 0, stderr: '' });
    const commands = made.stdout.split('\n').filter((line) => /^(docker|printf|until) /.test(line));
    expect(commands.length).toBeGreaterThan(20);
    expect(pitr(['--resume', '--report-dir', folder]).stdout).toContain(commands.at(-2));
    for (const command of commands) {
      const typed = spawnSync('bash', ['-c', command], { encoding: 'utf8', timeout: 300_000 });
      if (typed.status !== 0) throw new Error(`${command}\nended with ${typed.status}: ${typed.stderr}${typed.stdout}`);
    }
    const leader = await test.cluster.awaitStreaming('members rejoined');
    expect(leader.name).toBe('db2');
    expect(await countOn('db2')).toBe('100');
    expect(await countOn('db1')).toBe('100');
    // The typed commands leave nothing that looks half-done.
    expect(pitr(['status']).stdout).toContain('no recovery of patroni1 is half-done');
  });
});

function runOf(events: RunEvent[]): string {
  return (events[0] as unknown as { run: string }).run;
}
