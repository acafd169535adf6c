'use strict';

// Jest loads runners as they are: TypeScript and the meaning of 'pgdrill' are registered first, also under bare `npx jest`.
const path = require('node:path');
const { packageRoot } = require('../../bin/machine/root.cjs');

require(path.join(packageRoot(), 'bin/machine/register.cjs'));
module.exports = require('./drill-runner');
