// @ts-check
'use strict';

const fs = require('node:fs');
const os = require('node:os');
const { MachineError } = require('./error.cjs');
const { deadlines, polls } = require('./deadlines.cjs');
const { until } = require('./interrupt.cjs');
const { startOf } = require('./process-table.cjs');

/**
 * @typedef {object} Holder what a lock file says
 * @property {number} pid
 * @property {string} started start time of that process
 * @property {string} host
 * @property {string} doing what others are told that they wait for
 * @property {{ pid: number, started: string }} [child] the command that does it: it may outlive a killed holder
 * @property {string} [nonce]
 */

/**
 * @typedef {object} Lock
 * @property {() => void} release also runs by itself when the process exits
 * @property {(pid: number) => void} runs notes the command that does the work under this lock
 */

/**
 * Whether a lock's holder is gone. Pure.
 *
 * @param {Holder | null} holder null: the file cannot be read as one (its writer may be between open and write)
 * @param {{ host: string, ageMs: number, startOf: (pid: number) => string | null }} facts
 * @returns {boolean}
 */
function isGone(holder, facts) {
  if (!holder) return facts.ageMs > deadlines.unreadableLockMs;
  // A pid of another host or container says nothing here.
  if (holder.host !== facts.host) return facts.ageMs > deadlines.foreignLockMs;
  return [holder, holder.child].every((one) => {
    const started = one ? facts.startOf(one.pid) : null;
    return started === null || (started !== '?' && one?.started !== '?' && started !== one?.started);
  });
}

/**
 * @param {string} file
 * @returns {{ holder: Holder | null, gone: boolean } | null} null when there is no lock
 */
function look(file) {
  try {
    const ageMs = Date.now() - fs.statSync(file).mtimeMs;
    const text = fs.readFileSync(file, 'utf8');
    /** @type {Holder | null} */
    let holder = null;
    try {
      holder = JSON.parse(text);
    } catch {
      // half-written: judged by age
    }
    return { holder, gone: isGone(holder, { host: os.hostname(), ageMs, startOf }) };
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'ENOENT') return null;
    throw error;
  }
}

/**
 * @param {string} file
 * @param {string} doing
 * @returns {Lock | null} null when another has it
 */
function tryTake(file, doing) {
  /** @type {Holder} */
  const holder = {
    pid: process.pid,
    started: startOf(process.pid) ?? '?',
    host: os.hostname(),
    doing,
    nonce: `${Date.now()}-${Math.random()}`,
  };
  let text = JSON.stringify(holder);
  try {
    fs.writeFileSync(file, text, { flag: 'wx' });
  } catch (error) {
    const { code } = /** @type {NodeJS.ErrnoException} */ (error);
    if (code === 'EEXIST') return null;
    throw new MachineError(
      'PGDRILL_LOCK',
      `the lock ${file} cannot be made (${code})`,
      'make its folder writable for this user',
      {
        cause: error,
      },
    );
  }
  const release = () => {
    process.off('exit', release);
    try {
      if (fs.readFileSync(file, 'utf8') === text) fs.unlinkSync(file);
    } catch {
      // gone already
    }
  };
  process.on('exit', release);
  const runs = (/** @type {number} */ pid) => {
    text = JSON.stringify({ ...holder, child: { pid, started: startOf(pid) ?? '?' } });
    // By rename: whoever reads it meanwhile reads the one or the other.
    fs.writeFileSync(`${file}.new`, text);
    fs.renameSync(`${file}.new`, file);
  };
  return { release, runs };
}

/**
 * @param {Holder | null} holder
 * @returns {number | string} the pid to look at: the holder's, or its command's when the holder was killed
 */
function worker(holder) {
  if (!holder) return '(unknown)';
  return holder.child && startOf(holder.pid) === null ? holder.child.pid : holder.pid;
}

/**
 * Takes a lock between processes of this machine: a file naming pid and start time of its holder.
 * A dead holder's lock is removed under a second lock (`….over`), so that of several waiting processes one alone
 * removes it, and never one that was just made.
 *
 * @param {string} file
 * @param {{ doing: string, signal: AbortSignal, say: (line: string) => void }} how `doing` tells others what they wait for
 * @returns {Promise<Lock>}
 * @throws {MachineError} PGDRILL_LOCK when it cannot be made, or is held for longer than `deadlines.lockMs`
 */
async function takeLock(file, { doing, signal, say }) {
  let told = false;
  const lock = await until(
    async () => {
      const mine = tryTake(file, doing);
      if (mine) return mine;
      const seen = look(file);
      if (!seen) return undefined;
      if (seen.gone) {
        const over = await takeLock(`${file}.over`, { doing, signal, say });
        if (look(file)?.gone) fs.rmSync(file, { force: true });
        over.release();
        return tryTake(file, doing) ?? undefined;
      }
      if (!told) say(`waiting for process ${worker(seen.holder)}, which is ${seen.holder?.doing ?? 'busy'}`);
      told = true;
      return undefined;
    },
    { deadlineMs: deadlines.lockMs, pollMs: polls.lockMs, signal },
  );
  if (lock) return lock;
  const pid = worker(look(file)?.holder ?? null);
  throw new MachineError(
    'PGDRILL_LOCK',
    `process ${pid} has held ${file} for more than ${deadlines.lockMs / 60_000} minutes`,
    `see what process ${pid} does; if it hangs, end it and run this again`,
  );
}

module.exports = { isGone, takeLock };
