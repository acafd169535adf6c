// @ts-check
'use strict';

const fs = require('node:fs');
const path = require('node:path');

/**
 * pgdrill's own folder: the nearest one above this file whose package.json is pgdrill's. Not simply `../..`, for the
 * build puts a copy of this file under dist/.
 *
 * @returns {string} an absolute path, symbolic links followed
 */
function packageRoot() {
  for (let folder = fs.realpathSync(__dirname); ; folder = path.dirname(folder)) {
    if (nameIn(folder) === 'pgdrill') return folder;
    if (folder === path.dirname(folder)) throw new Error(`no package.json of pgdrill above ${__dirname}`);
  }
}

/**
 * @param {string} folder
 * @returns {unknown}
 */
function nameIn(folder) {
  try {
    return JSON.parse(fs.readFileSync(path.join(folder, 'package.json'), 'utf8')).name;
  } catch {
    return undefined;
  }
}

/**
 * Whether a folder is a git checkout of pgdrill, where pgdrill looks after node_modules itself. As a dependency of
 * another project its packages are that project's business.
 *
 * @param {string} root
 * @returns {boolean}
 */
function isCheckout(root) {
  return (
    nameIn(root) === 'pgdrill' &&
    fs.existsSync(path.join(root, '.git')) &&
    fs.existsSync(path.join(root, 'package-lock.json')) &&
    !root.split(path.sep).includes('node_modules')
  );
}

/**
 * Whether pgdrill runs from its build in dist/: as an installed package, or in a checkout with PGDRILL_DIST=1.
 *
 * @param {string} root
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {boolean}
 */
function isBuilt(root, env = process.env) {
  return fs.existsSync(path.join(root, 'dist/harness/cli/main.js')) && (env.PGDRILL_DIST === '1' || !isCheckout(root));
}

module.exports = { isBuilt, isCheckout, packageRoot };
