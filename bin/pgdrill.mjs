#!/usr/bin/env node
// The command `pgdrill`: makes the machine ready with Node's built-ins only, then hands over to harness/cli.
import { launch } from './machine/launch.cjs';

process.exitCode = await launch(process.argv.slice(2));
