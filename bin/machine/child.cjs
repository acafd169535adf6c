// @ts-check
'use strict';

const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { spawn } = require('node:child_process');
const { deadlines, polls } = require('./deadlines.cjs');
const { until } = require('./interrupt.cjs');

// A command that fails says why at its beginning (npm) or at its end (apt, dockerd).
const shown = { first: 15, last: 25 };

/**
 * Runs a command to its end, with its output in a file: a pipe would stay open for as long as a daemon that the command
 * started lives. The command has a process group of its own; an abort ends the whole group.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ signal: AbortSignal, cwd?: string, env?: NodeJS.ProcessEnv, started?: (pid: number) => void }} how `started`
 *   is told its pid
 * @returns {Promise<{ code: number, output: string, missing: boolean }>} `output` is an excerpt of at most 41
 *   lines; `missing`: there is no such command
 * @throws what the signal was aborted with, once the command is gone
 */
async function runChild(command, args, { signal, cwd, env = process.env, started }) {
  signal.throwIfAborted();
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'pgdrill-'));
  const fd = fs.openSync(path.join(folder, 'output'), 'a+');
  // Open but without a name: nothing is left behind, however this process ends.
  fs.rmSync(folder, { recursive: true });
  try {
    const child = spawn(command, args, { cwd, env, detached: true, stdio: ['ignore', fd, fd] });
    if (child.pid) started?.(child.pid);
    /** @type {Promise<void> | undefined} */
    let ending;
    const abort = () => (ending = endGroup(child.pid));
    signal.addEventListener('abort', abort, { once: true });
    const code = await new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', (status, name) => resolve(status ?? 128 + (name ? (os.constants.signals[name] ?? 0) : 0)));
    }).finally(() => signal.removeEventListener('abort', abort));
    await ending;
    signal.throwIfAborted();
    return { code, output: excerptOf(textOf(fd)), missing: false };
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'ENOENT') throw error;
    return { code: 127, output: `${command}: not found`, missing: true };
  } finally {
    fs.closeSync(fd);
  }
}

/**
 * @param {number | undefined} pid the group's first process
 * @param {NodeJS.Signals | 0} name 0 only asks
 * @returns {boolean} whether the group had a process
 */
function signalGroup(pid, name) {
  try {
    return pid !== undefined && process.kill(-pid, name);
  } catch {
    return false;
  }
}

/**
 * Ends a process group and waits until none of it is left: apt-get ends at once, its dpkg takes its time.
 *
 * @param {number | undefined} pid
 */
async function endGroup(pid) {
  const { signal } = new AbortController();
  const gone = () => (signalGroup(pid, 0) ? undefined : true);
  for (const name of /** @type {const} */ (['SIGTERM', 'SIGKILL'])) {
    signalGroup(pid, name);
    const limits = { deadlineMs: deadlines.childEndsMs, pollMs: polls.engineMs, signal };
    if (await until(gone, limits)) return;
  }
}

/**
 * @param {number} fd
 * @returns {string} the file from its beginning, wherever the last write ended
 */
function textOf(fd) {
  const bytes = Buffer.alloc(fs.fstatSync(fd).size);
  const read = fs.readSync(fd, bytes, 0, bytes.length, 0);
  return bytes.toString('utf8', 0, read);
}

/**
 * @param {string} text
 * @returns {string}
 */
function excerptOf(text) {
  const lines = text.trimEnd().split('\n');
  if (lines.length <= shown.first + shown.last) return lines.join('\n');
  const left = lines.length - shown.first - shown.last;
  return [...lines.slice(0, shown.first), `... (${left} lines)`, ...lines.slice(-shown.last)].join('\n');
}

module.exports = { runChild };
