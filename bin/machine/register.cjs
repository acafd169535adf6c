// @ts-check
'use strict';

// Loaded for its effect, by the launcher and with `node -r` by the children that it forks: from here on `require` takes
// TypeScript, and `import … from 'pgdrill'` in a drill of any folder means this very package, with no node_modules there.

const Module = require('node:module');
const path = require('node:path');
const { register } = require('esbuild-register/dist/node');
const { isBuilt, packageRoot } = require('./root.cjs');

const root = packageRoot();
const entry = path.join(root, isBuilt(root) ? 'dist/harness/index.js' : 'harness/index.ts');

// No esbuild settings beyond the oldest Node: modules become CommonJS also under "type": "module" (an ES module's own
// loader has no hook on Node 20), with source maps.
register({ target: 'node20' });

/**
 * @typedef {(request: string, parent: NodeModule | undefined, ...rest: unknown[]) => string} Resolve
 * @type {{ _resolveFilename: Resolve }}
 */
const loader = /** @type {any} */ (Module);
const resolve = loader._resolveFilename;

loader._resolveFilename = function resolveFilename(request, parent, ...rest) {
  if (request === 'pgdrill') return resolve.call(this, entry, parent, ...rest);
  try {
    return resolve.call(this, request, parent, ...rest);
  } catch (error) {
    // In an ES module project TypeScript's own rule is to write './x.js' for x.ts (TypeScript handbook, "Modules - Reference").
    const source = /^\.{1,2}\/.*\.[cm]?js$/.test(request) && /\.[cm]?ts$/.test(parent?.filename ?? '');
    if (!source || /** @type {NodeJS.ErrnoException} */ (error).code !== 'MODULE_NOT_FOUND') throw error;
    try {
      return resolve.call(this, request.replace(/js$/, 'ts'), parent, ...rest);
    } catch {
      throw error;
    }
  }
};
