import { createRequire } from 'node:module';
import path from 'node:path';
import { packageRoot } from '../../bin/machine/root.cjs';

type Jest = typeof import('@jest/core');
type Argv = Parameters<Jest['runCLI']>[0];

/**
 * Jest, loaded when it is needed. It asks once, when it is loaded, whether it may draw on the terminal; in this process
 * that is for our own views to do.
 */
function quietJest(): Jest {
  const { TERM } = process.env;
  process.env.TERM = 'dumb';
  try {
    return createRequire(__filename)('@jest/core') as Jest;
  } finally {
    if (TERM === undefined) delete process.env.TERM;
    else process.env.TERM = TERM;
  }
}

/**
 * Runs exactly these drills under Jest, in this process, wherever they lie: in any folder, in an installed package, with
 * or without a configuration of Jest nearby.
 * @param files absolute paths, links resolved
 * @param dir folder that Jest takes for its root: nothing of it is read
 */
export async function drillsInJest(files: readonly string[], dir: string, reporters: string[] = []): Promise<void> {
  const drills = {
    rootDir: dir,
    displayName: 'drills',
    runner: path.join(__dirname, 'runner.cjs'),
    // The runner's processes load the drills; Jest must neither transform nor execute them.
    transform: {},
    testRegex: files.map((file) => `^${file.replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&')}$`),
    testPathIgnorePatterns: [],
    roots: [...new Set(files.map((file) => path.dirname(file)))],
    // Jest maps its roots before it looks at the paths that it was given: ignoring all of it keeps a drill in a home
    // folder from having that folder crawled. The `find` command would not obey, so Jest's own walk.
    modulePathIgnorePatterns: ['/'],
    haste: { forceNodeFilesystemAPI: true },
  };
  const config = { rootDir: dir, reporters, passWithNoTests: true, projects: [drills] };
  const argv = {
    $0: 'pgdrill',
    _: [...files],
    config: JSON.stringify(config),
    runTestsByPath: true,
    silent: true,
    useStderr: true,
    watchman: false,
  };
  await quietJest().runCLI(argv as Argv, [dir]);
}

/**
 * Runs test files of this repository under its own jest.config.ts, in this process.
 * @param files absolute paths
 * @param serial one worker, and that in a process of its own: a test that hangs or breaks its process must not do so to
 *   the command
 */
export async function testsInJest(files: readonly string[], serial: boolean): Promise<void> {
  const root = packageRoot();
  const workers = serial ? { maxWorkers: 1, workerIdleMemoryLimit: '4GB' } : { maxWorkers: '100%' };
  const argv = {
    $0: 'pgdrill',
    _: [...files],
    config: path.join(root, 'jest.config.ts'),
    runTestsByPath: true,
    useStderr: true,
    watchman: false,
    ...workers,
  };
  await quietJest().runCLI(argv as Argv, [root]);
}
