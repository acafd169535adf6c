import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { packageRoot } from '../../bin/machine/root.cjs';

/** Runs the command as a person does, launcher included. */
function pgdrill(args: string[], env: Record<string, string> = {}) {
  const entry = path.join(packageRoot(), 'bin/pgdrill.mjs');
  const { status, stdout, stderr } = spawnSync(process.execPath, [entry, ...args], {
    cwd: folder,
    encoding: 'utf8',
    // What Jest sets would reach what is tested.
    env: { PATH: process.env.PATH, HOME: process.env.HOME, LANG: 'C.UTF-8', PGDRILL_NO_INSTALL: '1', ...env },
  });
  return { status, stdout, stderr };
}

let folder: string;
beforeAll(() => (folder = mkdtempSync(path.join(os.tmpdir(), 'pgdrill-bad-input-'))));
afterAll(() => rmSync(folder, { recursive: true }));

describe('bad input', () => {
  it.each([
    ['an unknown command', ['rnu'], 64, "PGDRILL_USAGE: unknown command 'rnu'; did you mean run?"],
    ['a prefix that is no part of a name', ['up', '--name-prefix', 'a b'], 64, 'PGDRILL_USAGE: --name-prefix "a b"'],
    [
      'a pg_wal that is too small',
      ['up', '--wal-mb', '100'],
      64,
      '--wal-mb is "100"; it must be a whole number from 256',
    ],
    ['a pg_wal in memory, for power loss', ['up', '--wal-mb', '512', '--own-file-systems'], 64, 'exclude each other'],
    ['an unknown option', ['run', '--sed', '1'], 64, "PGDRILL_USAGE: unknown option '--sed'; did you mean --seed?"],
    ['an unknown drill', ['run', 'delete-without-were'], 64, 'did you mean "delete-without-where"?'],
    ['a drill file that is not there', ['run', './x.drill.ts'], 64, 'PGDRILL_UNKNOWN_DRILL: there is no file'],
    ['an unknown stack', ['run', '--stack', 'woody'], 64, 'PGDRILL_UNKNOWN_STACK: there is no stack "woody"'],
    ['an unknown dataset', ['run', '--dataset', 'thai:tyni'], 64, 'did you mean thai:tiny?'],
    ['a number out of range', ['run', '--nodes', '9'], 64, '--nodes is "9"; it must be a whole number from 1 to 5'],
    ['no dump there', ['run', '--dataset', './thai.sql'], 2, 'PGDRILL_DATASET_UNREADABLE: the dump'],
    ['a run that was never saved', ['check', 'nonsense', '--report-dir', '.'], 64, 'PGDRILL_UNKNOWN_RUN'],
    ['an unknown format', ['report', '--format', 'pdf'], 64, 'PGDRILL_USAGE: there is no format "pdf"'],
    ['an unknown fault', ['detect', 'index-leave'], 64, 'did you mean "index-leaf"?'],
    ['an unknown detector', ['detect', '--detectors', 'pg-amchek'], 64, 'did you mean "pg-amcheck"?'],
    ['an unknown sabotage', ['sabotage', 'row-remved', '--list'], 64, 'did you mean "row-removed"?'],
    ['a folder without a run', ['check', './'], 64, 'PGDRILL_UNKNOWN_RUN: no run was saved in'],
    ['an unknown level of tests', ['test', 'unti'], 64, 'choose from unit, contract, engine, cluster, cli, drills'],
  ])('%s › has a code and a cure', (_what, args, status, text) => {
    const result = pgdrill(args);
    expect(result.stderr).toContain(text);
    expect(result.stderr).toMatch(/^ {2}what to do: \S/m);
    expect(result).toMatchObject({ status, stdout: '' });
  });

  it('a drill file that is broken › is named, and nothing of it runs', () => {
    writeFileSync(
      path.join(folder, 'broken.drill.ts'),
      "import { nothing } from './not-there';\nexport default nothing;\n",
    );
    const result = pgdrill(['run', './broken.drill.ts']);
    expect(result.stderr).toMatch(/PGDRILL_DRILL_UNLOADABLE: .*broken\.drill\.ts/);
    expect(result.status).toBe(2);
  });

  it('a DOCKER_HOST that answers nothing › is an error, and no other engine is taken', () => {
    const result = pgdrill(['run'], { DOCKER_HOST: 'unix:///nowhere/docker.sock' });
    expect(result.stderr).toMatch(/^pgdrill: PGDRILL_ENGINE_DEAD_HOST: .*\n {2}what to do: /m);
    expect(result).toMatchObject({ status: 2, stdout: '' });
  });

  it('doctor › shows the same, and what to do', () => {
    const result = pgdrill(['doctor', '--json'], { DOCKER_HOST: 'unix:///nowhere/docker.sock' });
    const { healthy, diagnoses } = JSON.parse(result.stdout) as {
      healthy: boolean;
      diagnoses: { name: string; cure?: string }[];
    };
    expect(result.status).toBe(2);
    expect(healthy).toBe(false);
    expect(diagnoses.find(({ name }) => name === 'engine')?.cure).toContain('DOCKER_HOST');
  });
});

describe('help', () => {
  it.each([
    [['--help'], 'Exit codes: 0 passed'],
    [['run', '--help'], 'Examples:\n  pgdrill run '],
    [['help', 'enter'], 'psql on the leader'],
    [['detect', '--help'], "pgdrill detect 'heap-page-*'"],
    [['sabotage', '--help'], 'pgdrill sabotage --evidence'],
  ])('%j › is on standard output, with exit code 0', (args, text) => {
    const result = pgdrill(args);
    expect(result.stdout).toContain(text);
    expect(result).toMatchObject({ status: 0, stderr: '' });
  });

  it('list --json › is JSON and nothing else', () => {
    const drills = JSON.parse(pgdrill(['list', '--json']).stdout) as { id: string }[];
    expect(drills.map(({ id }) => id)).toContain('delete-without-where');
  });

  it('sabotage --evidence --json › needs no engine, and is JSON and nothing else', () => {
    const result = pgdrill(['sabotage', 'write-lost', '--evidence', '--json'], { DOCKER_HOST: 'unix:///nowhere' });
    const { rows } = JSON.parse(result.stdout) as {
      rows: { id: string; kind: string; tries: { on: string; outcome: string }[] }[];
    };
    expect(rows).toMatchObject([{ id: 'write-lost', kind: 'evidence' }]);
    const tries = rows[0]!.tries;
    expect(tries.map(({ on }) => on)).toEqual(expect.arrayContaining(['built', 'delete-without-where-deep']));
    // A recovery that was verified without a ledger has none to spoil.
    expect(tries.filter(({ on, outcome }) => outcome !== 'noticed' && on !== 'built-without-ledger')).toEqual([]);
    expect(tries.find(({ on }) => on === 'built-without-ledger')?.outcome).toBe('nothing-to-spoil');
    expect(result.stderr).toBe('');
  });

  it('--version › is the package’s', () => {
    expect(pgdrill(['--version']).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});
