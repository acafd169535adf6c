import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { packageRoot } from '../../bin/machine/root.cjs';

jest.setTimeout(300_000);

describe('the package, packed and installed elsewhere', () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'pgdrill-package-'));
  const env = { PATH: process.env.PATH, HOME: process.env.HOME, LANG: 'C.UTF-8', ...tls() };
  const run = (command: string, args: string[], cwd = folder) =>
    execFileSync(command, args, { cwd, env, encoding: 'utf8' });
  const pgdrill = (args: string[]) => run(path.join(folder, 'node_modules/.bin/pgdrill'), args);

  beforeAll(() => {
    run('npm', ['pack', '--silent', '--pack-destination', folder], packageRoot());
    writeFileSync(path.join(folder, 'package.json'), '{ "name": "elsewhere", "private": true }');
    const packed = readdirSync(folder).find((name) => name.endsWith('.tgz'))!;
    run('npm', ['install', '--silent', '--no-audit', '--no-fund', `./${packed}`]);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('lists the drills it brings', () => {
    const drills = JSON.parse(pgdrill(['list', '--json'])) as { id: string; file: string }[];
    expect(drills.map(({ id }) => id)).toEqual(expect.arrayContaining(['delete-without-where', 'recovery-skipped']));
    expect(drills[0]?.file).toContain(path.join('node_modules', 'pgdrill', 'dist'));
  });

  it('brings what the images are built from, and no test', () => {
    const files = readdirSync(path.join(folder, 'node_modules/pgdrill'), { recursive: true, encoding: 'utf8' });
    expect(files).toEqual(
      expect.arrayContaining([
        'docker/node/Dockerfile',
        'docker/etcd/Dockerfile',
        'docker/barman/Dockerfile',
        'LICENSE',
      ]),
    );
    expect(files.filter((name) => /\.test\.[jt]s$/.test(name) && !name.includes('node_modules'))).toEqual([]);
  });

  it("takes a drill of one's own, written in TypeScript against 'pgdrill'", () => {
    writeFileSync(
      path.join(folder, 'own.drill.ts'),
      `import { beforeAccident, defineDrill, deleteAllRows, isolatedNodePitr } from 'pgdrill';
export default defineDrill({ id: 'own', title: 'my own', accident: deleteAllRows('book.seat'), recovery: isolatedNodePitr({ target: beforeAccident() }) });
`,
    );
    const script = `require('pgdrill/package.json'); require(${JSON.stringify(path.join(folder, 'node_modules/pgdrill/bin/machine/register.cjs'))});
      console.log(require(${JSON.stringify(path.join(folder, 'own.drill.ts'))}).default.id)`;
    expect(run(process.execPath, ['-e', script]).trim()).toBe('own');
  });
});

/** A network that signs TLS with a CA of its own: npm needs to be told of it. */
function tls(): Record<string, string | undefined> {
  return { NODE_EXTRA_CA_CERTS: process.env.NODE_EXTRA_CA_CERTS, SSL_CERT_FILE: process.env.SSL_CERT_FILE };
}
