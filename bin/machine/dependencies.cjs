// @ts-check
'use strict';

const fs = require('node:fs');
const path = require('node:path');
const { createHash } = require('node:crypto');
const { MachineError } = require('./error.cjs');
const { runChild } = require('./child.cjs');
const { takeLock } = require('./lock.cjs');
const { isCheckout } = require('./root.cjs');

/**
 * @typedef {Record<string, { version?: string, integrity?: string, optional?: boolean, link?: boolean, os?: string[],
 *   cpu?: string[], libc?: string[] }>} Packages the `packages` of a lock file (npm documentation, package-lock.json)
 */

/**
 * What node_modules was installed for.
 *
 * @param {string | Buffer} lockFile content of package-lock.json
 * @param {{ version: string, arch: string, platform: string }} node `process`, or one to compare with
 * @returns {string}
 */
function stampOf(lockFile, node = process) {
  const hash = createHash('sha256').update(lockFile).digest('hex');
  return `${hash} node${node.version.replace(/^v(\d+).*/, '$1')} ${node.arch} ${node.platform}\n`;
}

/**
 * Whether what npm itself noted as installed (node_modules/.package-lock.json) is all that the lock file asks for: then
 * a person ran `npm ci` or `npm install` by hand, and it is not done again.
 *
 * @param {Packages} wanted
 * @param {Packages} installed
 * @param {{ arch: string, platform: string }} node
 * @returns {boolean}
 */
function holdsAll(wanted, installed, node = process) {
  return Object.entries(wanted).every(([where, entry]) => {
    if (where === '' || entry.link) return true;
    const found = installed[where];
    if (found) return found.version === entry.version && found.integrity === entry.integrity;
    if (!entry.optional) return false;
    // An optional package may be missing when it is for another platform; libc cannot be told from here.
    const fits =
      (entry.os ?? [node.platform]).includes(node.platform) && (entry.cpu ?? [node.arch]).includes(node.arch);
    return !fits || Boolean(entry.libc) || !(entry.os || entry.cpu);
  });
}

/**
 * @param {string} root
 * @returns {'fresh' | 'missing' | 'by hand' | 'stale'}
 */
function stateOf(root) {
  const modules = path.join(root, 'node_modules');
  if (!fs.existsSync(modules)) return 'missing';
  const lockFile = fs.readFileSync(path.join(root, 'package-lock.json'));
  try {
    return fs.readFileSync(path.join(modules, stampName), 'utf8') === stampOf(lockFile) ? 'fresh' : 'stale';
  } catch {
    // no stamp: not installed by pgdrill
  }
  try {
    const installed = JSON.parse(fs.readFileSync(path.join(modules, npmNote), 'utf8')).packages;
    return holdsAll(JSON.parse(lockFile.toString()).packages, installed) ? 'by hand' : 'stale';
  } catch {
    return 'stale';
  }
}

const stampName = '.pgdrill-stamp';
const npmNote = '.package-lock.json';

/**
 * In a git checkout of pgdrill: installs node_modules from the lock file when they are missing or of another lock file,
 * Node or architecture. Elsewhere: nothing.
 *
 * @param {string} root
 * @param {{ signal: AbortSignal, say: (line: string) => void, env?: NodeJS.ProcessEnv }} how
 * @returns {Promise<boolean>} whether they were installed now
 * @throws {MachineError} PGDRILL_NPM_MISSING, PGDRILL_PACKAGES_FAILED
 */
async function installDependencies(root, { signal, say, env = process.env }) {
  if (!isCheckout(root) || stateOf(root) === 'fresh') return false;
  const lock = await takeLock(lockFor(root), { doing: 'installing the node packages', signal, say });
  try {
    const state = stateOf(root);
    if (state === 'fresh') return false;
    const stamp = stampOf(fs.readFileSync(path.join(root, 'package-lock.json')));
    const stampFile = path.join(root, 'node_modules', stampName);
    if (state === 'by hand') {
      fs.writeFileSync(stampFile, stamp);
      return false;
    }
    const why = state === 'missing' ? 'node_modules is missing' : 'node_modules is of another lock file or Node';
    say(`installing the node packages of package-lock.json (${why}) ...`);
    const began = Date.now();
    // npm removes node_modules in no order that it promises: whatever happens now, the old notes must not outlive it.
    for (const name of [stampName, npmNote]) fs.rmSync(path.join(root, 'node_modules', name), { force: true });
    await npmCi(root, { signal, env, started: lock.runs });
    fs.writeFileSync(stampFile, stamp);
    say(`node packages installed in ${((Date.now() - began) / 1000).toFixed(1)} s`);
    return true;
  } finally {
    lock.release();
  }
}

/**
 * The lock lies in the git folder: it is the checkout's own, survives `npm ci`, and shows in no `git status`.
 *
 * @param {string} root
 * @returns {string}
 */
function lockFor(root) {
  const git = path.join(root, '.git');
  // In a work tree or submodule .git is a file naming the folder (gitrepository-layout(5)).
  const folder = fs.statSync(git).isDirectory()
    ? git
    : fs
        .readFileSync(git, 'utf8')
        .replace(/^gitdir: /, '')
        .trim();
  return path.join(path.resolve(root, folder), 'pgdrill-install.lock');
}

/**
 * @param {string} root
 * @param {{ signal: AbortSignal, env: NodeJS.ProcessEnv, started: (pid: number) => void }} how
 */
async function npmCi(root, { signal, env, started }) {
  // Started by `npm run`, npm tells where it is: the same npm then, even when none is on the PATH.
  const own = env.npm_execpath && path.basename(env.npm_execpath) === 'npm-cli.js' ? env.npm_execpath : null;
  // --include=dev: NODE_ENV=production would leave out what the tests need.
  const args = ['ci', '--include=dev', '--no-audit', '--no-fund', '--no-progress'];
  const [command, all] = own ? [process.execPath, [own, ...args]] : ['npm', args];
  const { code, output, missing } = await runChild(command, all, { signal, cwd: root, env, started });
  if (missing) {
    throw new MachineError(
      'PGDRILL_NPM_MISSING',
      'node_modules has to be installed, and there is no npm on the PATH',
      'install npm (it comes with Node; on Debian: apt-get install npm), or run `npm ci` on this checkout elsewhere',
    );
  }
  if (code !== 0) {
    throw new MachineError(
      'PGDRILL_PACKAGES_FAILED',
      `\`npm ci\` ended with code ${code}`,
      `see npm's lines above; \`npm ci\` in ${root} shows all of them`,
      { details: output },
    );
  }
}

module.exports = { holdsAll, installDependencies, stampOf, stateOf };
