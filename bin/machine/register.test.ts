import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

// In a process of its own: Jest has a loader of its own, and drills run in plain Node.
const register = path.join(__dirname, 'register.cjs');
let folder: string;

beforeEach(() => (folder = fs.mkdtempSync(path.join(os.tmpdir(), 'pgdrill-register-'))));
afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

function write(files: Record<string, string>) {
  for (const [name, text] of Object.entries(files)) fs.writeFileSync(path.join(folder, name), text);
}

function node(script: string) {
  const { stdout, stderr, status } = spawnSync(process.execPath, ['-r', register, '-e', script], {
    cwd: folder,
    encoding: 'utf8',
  });
  return { stdout: stdout.trim(), stderr, status };
}

describe.each(['module', 'commonjs'])('TypeScript of a user’s folder with "type": "%s"', (type) => {
  beforeEach(() => write({ 'package.json': JSON.stringify({ type }) }));

  it('loads, with enums and imports of ./x, ./x.js for x.ts', () => {
    write({
      'a.drill.ts': `import { b } from './b';\nimport { c } from './c.js';\nenum Kind { One = 'one' }\nexport default Kind.One + b + c;\n`,
      'b.ts': `export const b: string = '-b';\n`,
      'c.ts': `export const c = '-c' as const;\n`,
    });
    expect(node(`console.log(require('./a.drill.ts').default)`)).toMatchObject({ stdout: 'one-b-c', status: 0 });
  });

  it('has the right lines in a stack', () => {
    write({
      'a.drill.ts': `interface Long {\n  a: string;\n}\n\nexport function boom(_: Long): never {\n  throw new Error('x');\n}\n`,
    });
    const { stdout } = node(
      `try { require('./a.drill.ts').boom() } catch (e) { console.log(e.stack.split('\\n')[1]) }`,
    );
    expect(stdout).toContain(`${path.join(folder, 'a.drill.ts')}:6:9`);
  });

  it('finds this package under the name pgdrill, with no node_modules there', () => {
    const { stdout } = node(`console.log(require.resolve('pgdrill'))`);
    expect(stdout).toBe(path.resolve(__dirname, '../../harness/index.ts'));
    expect(node(`require('pgdrill/other')`).stderr).toContain(`Cannot find module 'pgdrill/other'`);
  });
});

it('names the module that is missing, not the one that was tried for it', () => {
  write({ 'a.drill.ts': `import './gone.js';\n` });
  const { stderr, status } = node(`require('./a.drill.ts')`);
  expect(status).not.toBe(0);
  expect(stderr).toContain(`Cannot find module './gone.js'`);
});
