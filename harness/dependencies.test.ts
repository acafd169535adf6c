import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';

const root = path.join(__dirname, '..');
const read = (file: string) => JSON.parse(readFileSync(path.join(root, file), 'utf8')) as Record<string, unknown>;
const names = Object.keys(read('package.json').dependencies as Record<string, string>);

/**
 * Requires each in one plain Node process (Jest's sandbox loads modules in a way of its own) and prints what went wrong,
 * by name.
 */
const program = `
  const failed = {};
  for (const name of ${JSON.stringify(names)}) {
    try {
      require(name);
    } catch (error) {
      failed[name] = String(error && error.message);
    }
  }
  process.stdout.write(JSON.stringify(failed), () => process.exit(0));
`;

describe('production dependencies', () => {
  let failed: Record<string, string>;

  beforeAll(() => {
    const output = execFileSync(process.execPath, ['-e', program], {
      cwd: root,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    failed = JSON.parse(output) as Record<string, string>;
  }, 30_000);

  test.each(names)('%s › can be required from CommonJS, on the Node that runs this', (name) => {
    expect(failed[name]).toBeUndefined();
  });

  test('each › stands in the lock file with the version of package.json, exactly', () => {
    const wanted = read('package.json').dependencies as Record<string, string>;
    const packages = read('package-lock.json').packages as Record<string, { version?: string }>;
    const locked = Object.fromEntries(names.map((name) => [name, packages[`node_modules/${name}`]?.version]));
    expect(locked).toEqual(wanted);
  });
});
