'use strict';

// Jest does not transform reporters: TypeScript is registered first, also under bare `npx jest`.
const path = require('node:path');
const { packageRoot } = require('../../bin/machine/root.cjs');

require(path.join(packageRoot(), 'bin/machine/register.cjs'));
module.exports = require('./test-reporter');
