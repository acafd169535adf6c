#!/usr/bin/env node
// The command `pgdrill`: makes the machine ready with Node's built-ins only, then hands over to harness/cli.
import { createRequire } from 'node:module';

const { launch } = createRequire(import.meta.url)('./machine/launch.cjs');

process.exitCode = await launch(process.argv.slice(2));
