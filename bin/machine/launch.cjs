// @ts-check
'use strict';

const path = require('node:path');
const { MachineError } = require('./error.cjs');
const { installDependencies } = require('./dependencies.cjs');
const { interruptible } = require('./interrupt.cjs');
const { isBuilt, packageRoot } = require('./root.cjs');
const { needOf } = require('./commands.cjs');
const { readyEngine } = require('./ready.cjs');

/** @typedef {import('./ready.cjs').Machine} Machine */

/**
 * @typedef {object} CommandLine what harness/cli/main exports
 * @property {(argv: string[], machine: Machine) => Promise<number>} main gives the exit code
 * @property {(argv: string[]) => Promise<number | null>} [precheck] asked before an engine is looked for or installed:
 *   an exit code ends the command there (wrong usage, unknown drill), null goes on
 */

const oldestNode = [20, 19];

/**
 * The whole of `pgdrill`: node packages, then the command line, then the engine that the command needs, then the command.
 *
 * @param {string[]} argv without node and script
 * @returns {Promise<number>} the exit code
 */
async function launch(argv) {
  try {
    refuseOldNode(process.versions.node);
    const root = packageRoot();
    const [, dependencies] = await timed(() => interruptible((signal) => installDependencies(root, { signal, say })));
    const { main, precheck } = loadCommandLine(root);
    const need = needOf(argv);
    const early = (need === 'install' || need === 'find') && precheck ? await precheck(argv) : null;
    if (early !== null) return early;
    const [ready, engine] = await timed(() => interruptible((signal) => readyEngine(need, { signal, say })));
    return await main(argv, { ...ready, seconds: { dependencies, engine } });
  } catch (error) {
    if (error instanceof MachineError) {
      process.stderr.write(`${error.lines()}\n`);
      return error.exit;
    }
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    process.stderr.write(`${text}\npgdrill: PGDRILL_UNEXPECTED: an error that no part of pgdrill expected\n`);
    process.stderr.write('  what to do: report it with the lines above and the output of `pgdrill doctor`\n');
    return 2;
  }
}

/** @param {string} line said before what takes time, never on stdout: that may be JSON */
function say(line) {
  process.stderr.write(`pgdrill: ${line}\n`);
}

/**
 * @template T
 * @param {() => Promise<T>} work
 * @returns {Promise<[T, number]>} the result and the seconds that it took
 */
async function timed(work) {
  const began = performance.now();
  const value = await work();
  return [value, Math.round(performance.now() - began) / 1000];
}

/** @param {string} version */
function refuseOldNode(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [least = 0, leastMinor = 0] = oldestNode;
  if (major > least || (major === least && minor >= leastMinor)) return;
  throw new MachineError(
    'PGDRILL_NODE_OLD',
    `this is Node ${version}, and pgdrill needs ${oldestNode.join('.')} or newer`,
    'install a newer Node (20, 22 or 24)',
  );
}

/**
 * @param {string} root
 * @returns {CommandLine}
 */
function loadCommandLine(root) {
  try {
    require('./register.cjs');
  } catch (error) {
    const { code, message } = /** @type {NodeJS.ErrnoException} */ (error);
    if (code !== 'MODULE_NOT_FOUND' || !message.includes('esbuild')) throw error;
    throw new MachineError(
      'PGDRILL_PACKAGES_MISSING',
      'the node packages that pgdrill needs are not installed, and this is no git checkout of it',
      `run \`npm ci\` in ${root}, or install pgdrill with npm`,
      { cause: error },
    );
  }
  return require(path.join(root, isBuilt(root) ? 'dist/harness/cli/main.js' : 'harness/cli/main.ts'));
}

module.exports = { launch };
