// @ts-check
'use strict';

// The process behind startWatchdog. Its input is a pipe from the process that drills: one line says what to watch, a
// line `done` says that the run ended in order, and the end of the pipe without it that the process is dead.

const fs = require('node:fs');
const readline = require('node:readline');
const { removeRun } = require('./removal.cjs');

/** @typedef {{ run: string, address: import('../../bin/machine/ping.cjs').Address, log: string }} Watched */

// A session of its own keeps the terminal's signals away; these come from a `kill` of every process there is, just
// when cleaning up is wanted. SIGPIPE is Node's to ignore.
for (const name of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) process.on(name, () => undefined);

/** @type {Watched | undefined} */
let watched;
let done = false;
const lines = readline.createInterface({ input: process.stdin });
process.stdin.on('error', () => lines.close());
lines.on('line', (line) => {
  if (line === 'done') done = true;
  else watched = JSON.parse(line);
});
lines.on('close', () => {
  end().catch((error) => {
    console.error(error);
    process.exitCode = 1;
  });
});

async function end() {
  if (!watched) return;
  if (!done) {
    console.error(`${new Date().toISOString()} run ${watched.run}: its process is gone, removing what it made`);
    // The engine may still be at a creation that the dead process had asked for: look on for a while.
    const limits = { quietMs: 3_000, deadlineMs: 300_000, deadEngineMs: 60_000 };
    const removed = await removeRun(watched.address, watched.run, limits);
    console.error(`${new Date().toISOString()} removed: ${removed.join(', ') || 'nothing was there'}`);
  }
  fs.rmSync(watched.log, { force: true });
}
