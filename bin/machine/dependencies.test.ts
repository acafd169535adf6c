import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { holdsAll, installDependencies, stampOf, stateOf } from './dependencies.cjs';
import { startOf } from './process-table.cjs';
import { isBuilt, isCheckout } from './root.cjs';

const node = { version: 'v20.19.0', arch: 'x64', platform: 'linux' };

let root: string;

beforeEach(() => {
  root = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'pgdrill-dependencies-')));
  write('package.json', { name: 'pgdrill' });
  fs.mkdirSync(path.join(root, '.git'));
  write('package-lock.json', { packages: { '': {}, 'node_modules/a': { version: '1.0.0', integrity: 'sha512-a' } } });
});

afterEach(() => fs.rmSync(root, { recursive: true, force: true }));

function write(file: string, content: object | string) {
  const target = path.join(root, file);
  fs.mkdirSync(path.dirname(target), { recursive: true });
  fs.writeFileSync(target, typeof content === 'string' ? content : JSON.stringify(content));
}

const lockFile = () => fs.readFileSync(path.join(root, 'package-lock.json'));

describe('stamp', () => {
  it('changes with lock file, Node major, architecture and platform, and not with a Node minor', () => {
    const stamp = stampOf('lock', node);
    expect(stampOf('lock', { ...node, version: 'v20.20.2' })).toBe(stamp);
    const others = [
      stampOf('lock2', node),
      stampOf('lock', { ...node, version: 'v22.1.0' }),
      stampOf('lock', { ...node, arch: 'arm64' }),
      stampOf('lock', { ...node, platform: 'darwin' }),
    ];
    expect(new Set([stamp, ...others]).size).toBe(5);
  });
});

describe('state of node_modules', () => {
  it('is missing, then fresh with the right stamp, then stale with another lock file', () => {
    expect(stateOf(root)).toBe('missing');
    write('node_modules/.pgdrill-stamp', stampOf(lockFile()));
    expect(stateOf(root)).toBe('fresh');
    write('package-lock.json', { packages: {} });
    expect(stateOf(root)).toBe('stale');
  });

  it('is by hand when npm noted all that the lock file asks for, and stale when it was cut off', () => {
    write('node_modules/a/package.json', {});
    expect(stateOf(root)).toBe('stale');
    const a = { version: '1.0.0', integrity: 'sha512-a' };
    write('node_modules/.package-lock.json', { packages: { 'node_modules/a': a } });
    expect(stateOf(root)).toBe('by hand');
    write('node_modules/.package-lock.json', { packages: { 'node_modules/a': { ...a, version: '1.0.1' } } });
    expect(stateOf(root)).toBe('stale');
  });

  it('wants the optional packages of this platform, and no others', () => {
    const own = { version: '1', optional: true, os: ['linux'], cpu: ['x64'] };
    expect(holdsAll({ own }, {}, node)).toBe(false);
    expect(holdsAll({ own }, { own }, node)).toBe(true);
    expect(holdsAll({ other: { ...own, os: ['darwin'] } }, {}, node)).toBe(true);
    expect(holdsAll({ musl: { ...own, libc: ['musl'] } }, {}, node)).toBe(true);
    expect(holdsAll({ native: { version: '1', optional: true } }, {}, node)).toBe(true);
  });
});

describe('installDependencies', () => {
  const how = () => ({ signal: new AbortController().signal, say: (line: string) => said.push(line) });
  let said: string[];
  beforeEach(() => (said = []));

  /** An npm of the test's own: `npm ci` runs as `node npm-cli.js ci …`, as npm's own environment says. */
  function npm(script: string) {
    write('npm/npm-cli.js', `const fs = require('node:fs');\n${script}`);
    return { ...process.env, npm_execpath: path.join(root, 'npm/npm-cli.js') };
  }

  it('runs `npm ci` once, says so first, and leaves no lock', async () => {
    const env = npm(
      `fs.mkdirSync('node_modules'); fs.appendFileSync('calls', process.argv.slice(2).join(' ') + '\\n');`,
    );
    expect(await installDependencies(root, { ...how(), env })).toBe(true);
    expect(said[0]).toMatch(/^installing the node packages of package-lock.json \(node_modules is missing\)/);
    expect(await installDependencies(root, { ...how(), env })).toBe(false);
    expect(fs.readFileSync(path.join(root, 'calls'), 'utf8')).toMatch(/^ci --include=dev [^\n]*\n$/);
    expect(fs.readdirSync(path.join(root, '.git'))).toEqual([]);
  });

  it('shows npm’s words when it fails, and leaves neither stamp nor lock', async () => {
    const env = npm(`fs.mkdirSync('node_modules'); console.error('npm error code EUSAGE'); process.exit(1);`);
    await expect(installDependencies(root, { ...how(), env })).rejects.toMatchObject({
      code: 'PGDRILL_PACKAGES_FAILED',
      details: expect.stringContaining('EUSAGE'),
    });
    expect(stateOf(root)).toBe('stale');
    expect(fs.readdirSync(path.join(root, '.git'))).toEqual([]);
  });

  it('ends npm when it is interrupted, and leaves neither stamp nor lock', async () => {
    // It ignores SIGTERM at first, and has a child: both have to be gone before the lock is.
    const env = npm(`
      const { pid } = require('node:child_process').spawn('sleep', ['60']);
      process.on('SIGTERM', () => setTimeout(() => process.exit(1), 200));
      fs.writeFileSync('pids.new', process.pid + ' ' + pid);
      fs.renameSync('pids.new', 'pids');
      fs.mkdirSync('node_modules');
      setInterval(() => {}, 1000);`);
    const controller = new AbortController();
    const running = installDependencies(root, { ...how(), signal: controller.signal, env });
    const timer = setInterval(() => {
      if (fs.existsSync(path.join(root, 'node_modules'))) controller.abort(new Error('Ctrl-C'));
    }, 20);
    await expect(running).rejects.toThrow('Ctrl-C');
    clearInterval(timer);
    const pids = fs.readFileSync(path.join(root, 'pids'), 'utf8').split(' ').map(Number);
    expect(pids.map(startOf)).toEqual([null, null]);
    expect(stateOf(root)).toBe('stale');
    expect(fs.readdirSync(path.join(root, '.git'))).toEqual([]);
  });

  it('lets a second process wait for the first', async () => {
    const env = npm(`setTimeout(() => { fs.mkdirSync('node_modules'); fs.appendFileSync('calls', 'x'); }, 300);`);
    const results = await Promise.all([1, 2, 3].map(() => installDependencies(root, { ...how(), env })));
    expect(results.filter(Boolean)).toHaveLength(1);
    expect(fs.readFileSync(path.join(root, 'calls'), 'utf8')).toBe('x');
    expect(said.filter((line) => line.startsWith(`waiting for process ${process.pid}`))).toHaveLength(2);
  });

  it('says what to do where there is no npm', async () => {
    const env = { PATH: path.join(root, 'nothing') };
    await expect(installDependencies(root, { ...how(), env })).rejects.toMatchObject({ code: 'PGDRILL_NPM_MISSING' });
  });

  it('does nothing where pgdrill is no checkout of its own', async () => {
    fs.rmSync(path.join(root, '.git'), { recursive: true });
    expect(await installDependencies(root, { ...how(), env: npm('process.exit(1)') })).toBe(false);
  });
});

describe('checkout', () => {
  it('needs .git, the lock file and pgdrill’s name, and no node_modules above', () => {
    expect(isCheckout(root)).toBe(true);
    write('node_modules/pgdrill/package.json', { name: 'pgdrill' });
    write('node_modules/pgdrill/package-lock.json', {});
    write('node_modules/pgdrill/.git', 'gitdir: elsewhere');
    expect(isCheckout(path.join(root, 'node_modules/pgdrill'))).toBe(false);
    write('package.json', { name: 'other' });
    expect(isCheckout(root)).toBe(false);
    write('package.json', { name: 'pgdrill' });
    fs.rmSync(path.join(root, 'package-lock.json'));
    expect(isCheckout(root)).toBe(false);
  });

  it('runs from dist only with PGDRILL_DIST=1; a package without .git always', () => {
    write('dist/harness/cli/main.js', '');
    expect(isBuilt(root, {})).toBe(false);
    expect(isBuilt(root, { PGDRILL_DIST: '1' })).toBe(true);
    fs.rmSync(path.join(root, '.git'), { recursive: true });
    expect(isBuilt(root, {})).toBe(true);
  });
});
