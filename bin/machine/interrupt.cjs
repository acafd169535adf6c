// @ts-check
'use strict';

const { MachineError } = require('./error.cjs');

/** @type {Record<string, number>} 128 + the signal's number, as a shell reports it */
const exitCodes = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 };

/**
 * Runs `work` so that Ctrl-C, SIGTERM and SIGHUP end it in order: its signal aborts, children end, locks are released.
 * npm hands on the terminal's SIGINT a second time within a millisecond: an abort that came twice is one abort.
 *
 * @template T
 * @param {(signal: AbortSignal) => Promise<T>} work
 * @returns {Promise<T>}
 */
async function interruptible(work) {
  const controller = new AbortController();
  /** @param {NodeJS.Signals} name */
  const abort = (name) =>
    controller.abort(
      new MachineError('PGDRILL_INTERRUPTED', `stopped by ${name} while the machine was made ready`, 'run it again', {
        exit: exitCodes[name] ?? 130,
      }),
    );
  const names = /** @type {NodeJS.Signals[]} */ (Object.keys(exitCodes));
  for (const name of names) process.on(name, abort);
  try {
    return await work(controller.signal);
  } finally {
    for (const name of names) process.off(name, abort);
  }
}

/**
 * Looks at a condition every `pollMs` until it gives a value other than undefined.
 *
 * @template T
 * @param {() => Promise<T | undefined> | T | undefined} condition
 * @param {{ deadlineMs: number, pollMs: number, signal: AbortSignal }} limits
 * @returns {Promise<T | undefined>} undefined when the deadline passed
 * @throws what the signal was aborted with
 */
async function until(condition, { deadlineMs, pollMs, signal }) {
  const end = Date.now() + deadlineMs;
  for (;;) {
    signal.throwIfAborted();
    const value = await condition();
    if (value !== undefined) return value;
    if (Date.now() >= end) return undefined;
    await new Promise((resolve) => {
      const go = () => {
        clearTimeout(timer);
        signal.removeEventListener('abort', go);
        resolve(undefined);
      };
      const timer = setTimeout(go, pollMs);
      signal.addEventListener('abort', go, { once: true });
    });
  }
}

module.exports = { interruptible, until };
