// @ts-check
'use strict';

const fs = require('node:fs');
const { MachineError } = require('./error.cjs');
const { deadlines, polls } = require('./deadlines.cjs');
const { hasSystemd } = require('./daemon.cjs');
const { runChild } = require('./child.cjs');
const { until } = require('./interrupt.cjs');

const policy = '/usr/sbin/policy-rc.d';
const policyText =
  '#!/bin/sh\n# made by pgdrill for the time of one installation: no service is started by it\nexit 101\n';
const lists = '/var/lib/apt/lists';
const dayMs = 24 * 3_600_000;

/**
 * Installs packages with apt.
 *
 * @param {readonly string[]} names
 * @param {{ signal: AbortSignal, say: (line: string) => void, started: (pid: number) => void, done: () => boolean }} how `done`: what is wanted is there,
 *   whatever a package's own script said (a service that will not start is not a missing program)
 * @returns {Promise<void>}
 * @throws {MachineError} PGDRILL_INSTALL_FAILED
 */
async function installPackages(names, { signal, say, started, done }) {
  forbidServices();
  try {
    // An installation that was interrupted, ours or another's, blocks every next one.
    const { output: halfDone } = await runChild('dpkg', ['--audit'], { signal });
    if (halfDone) await runChild('dpkg', ['--configure', '-a'], { signal, started, env: aptEnv() });
    let updated = !listsAreFresh();
    if (updated) await update({ signal, say, started });
    say(`apt-get install ${names.join(' ')} ...`);
    let { code, output } = await apt(['install', '-y', '--no-install-recommends', ...names], { signal, started });
    if (code !== 0 && !updated) {
      updated = true;
      await update({ signal, say, started });
      ({ code, output } = await apt(['install', '-y', '--no-install-recommends', ...names], { signal, started }));
    }
    if (code !== 0 && !done()) throw failed(`apt-get install ended with code ${code}`, names, output);
  } finally {
    allowServices();
  }
}

/** @returns {boolean} whether apt knows packages, and asked less than a day ago */
function listsAreFresh() {
  try {
    return (
      fs.readdirSync(lists).some((name) => /_Packages(\.\w+)?$/.test(name)) &&
      Date.now() - fs.statSync(lists).mtimeMs < dayMs
    );
  } catch {
    return false;
  }
}

/** @param {{ signal: AbortSignal, say: (line: string) => void, started: (pid: number) => void }} how */
async function update({ signal, say, started }) {
  say('apt-get update ...');
  const { code, output } = await apt(['update'], { signal, started });
  if (code !== 0) throw failed(`apt-get update ended with code ${code}`, [], output);
}

/**
 * @param {readonly string[]} args
 * @param {{ signal: AbortSignal, started: (pid: number) => void }} how
 * @returns {Promise<{ code: number, output: string }>}
 */
async function apt(args, { signal, started }) {
  const limits = ['-q', '-o', `DPkg::Lock::Timeout=${deadlines.aptLockMs / 1000}`, '-o', 'Acquire::Retries=3'];
  /** @type {{ code: number, output: string }} */
  let last = { code: 1, output: '' };
  // DPkg::Lock::Timeout covers dpkg's lock, not that of the lists.
  await until(
    async () => {
      last = await runChild('apt-get', [...limits, ...args], { signal, started, env: aptEnv() });
      return last.code !== 0 && /Could not get lock/.test(last.output) ? undefined : true;
    },
    { deadlineMs: deadlines.aptLockMs, pollMs: polls.aptMs, signal },
  );
  return last;
}

/** @returns {NodeJS.ProcessEnv} no question is asked, and messages are in the language that this file knows */
function aptEnv() {
  const sbin = `${process.env.PATH ?? ''}:/usr/local/sbin:/usr/sbin:/sbin`;
  return { ...process.env, PATH: sbin, DEBIAN_FRONTEND: 'noninteractive', NEEDRESTART_MODE: 'l', LC_ALL: 'C' };
}

/**
 * Without an init, a package's script would start its service by the old init script, in our process group and with
 * limits that may not be allowed here. invoke-rc.d(8) asks policy-rc.d first.
 */
function forbidServices() {
  if (hasSystemd() || fs.existsSync(policy)) return;
  process.on('exit', allowServices);
  fs.writeFileSync(policy, policyText, { mode: 0o755 });
}

/** Takes back what `forbidServices` did, also in a process that was killed; a policy of somebody else's stays. */
function allowServices() {
  process.off('exit', allowServices);
  if (fs.existsSync(policy) && fs.readFileSync(policy, 'utf8') === policyText) fs.rmSync(policy);
}

/**
 * Whether an installation of these packages was cut off: then a program may be there that does not work yet.
 *
 * @param {readonly string[]} names
 * @param {AbortSignal} signal
 * @returns {Promise<boolean>}
 */
async function isHalfInstalled(names, signal) {
  const { output } = await runChild('dpkg', ['--audit'], { signal, env: aptEnv() });
  return output.split('\n').some((line) => names.includes(line.trim().split(/[\s:]/)[0] ?? ''));
}

/**
 * @param {string} what
 * @param {readonly string[]} names
 * @param {string} output
 * @returns {MachineError}
 */
function failed(what, names, output) {
  return new MachineError(
    'PGDRILL_INSTALL_FAILED',
    what,
    `see apt's lines above; check the network and /etc/apt, then type it by hand: apt-get ${
      names.length > 0 ? `install ${names.join(' ')}` : 'update'
    }`,
    { details: output },
  );
}

module.exports = { allowServices, installPackages, isHalfInstalled };
