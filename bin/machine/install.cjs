// @ts-check
'use strict';

const fs = require('node:fs');
const { MachineError } = require('./error.cjs');
const { findEndpoint } = require('./endpoint.cjs');
const { hasSystemd, programNamed, startEngine } = require('./daemon.cjs');
const { allowServices, installPackages, isHalfInstalled } = require('./packages.cjs');
const { releaseOf } = require('./release.cjs');
const { takeLock } = require('./lock.cjs');

/** @typedef {import('./endpoint.cjs').Endpoint} Endpoint */
/** @typedef {import('./endpoint.cjs').EngineFailure} EngineFailure */

// docker.io brings containerd, runc and the docker command; mmdebstrap makes the base image where no registry is.
const packages = ['docker.io', 'iptables', 'ca-certificates', 'mmdebstrap'];
const lockFile = '/run/pgdrill-engine.lock';

/**
 * Installs and starts a Docker engine where that is allowed: no engine answers, none was chosen by DOCKER_HOST or
 * context, we are root on Debian or Ubuntu, and PGDRILL_NO_INSTALL is not 1. An engine that is installed is only started.
 *
 * @param {EngineFailure} failure what findEndpoint found instead of an engine
 * @param {{ signal: AbortSignal, say: (line: string) => void, env?: NodeJS.ProcessEnv }} how
 * @returns {Promise<{ endpoint: Endpoint, installed: boolean }>}
 * @throws {MachineError} the failure itself where nothing may be installed; PGDRILL_INSTALL_FAILED, PGDRILL_ENGINE_START
 */
async function installEngine(failure, { signal, say, env = process.env }) {
  const refused = refusal(failure, facts(env));
  if (refused) throw refused;
  const lock = await takeLock(lockFile, { doing: 'making the Docker engine ready', signal, say });
  try {
    // Another pgdrill may have done it while we waited.
    const before = await findEndpoint(env);
    if (!('failure' in before)) return { endpoint: before, installed: false };
    const install = !programNamed('dockerd') || (await isHalfInstalled([...packages, 'containerd', 'runc'], signal));
    if (install) {
      say(`no Docker engine here: installing it with apt (${packages.join(', ')}); PGDRILL_NO_INSTALL=1 forbids this`);
      const began = Date.now();
      await installPackages(packages, {
        signal,
        say,
        started: lock.runs,
        done: () => Boolean(programNamed('dockerd')),
      });
      say(`installed in ${((Date.now() - began) / 1000).toFixed(1)} s`);
    }
    await startEngine({ signal, say });
    const endpoint = await findEndpoint(env);
    if ('failure' in endpoint) throw new MachineError(endpoint.failure, endpoint.what, endpoint.cure);
    return { endpoint, installed: install };
  } finally {
    allowServices();
    lock.release();
  }
}

/**
 * @typedef {object} Facts
 * @property {boolean} forbidden PGDRILL_NO_INSTALL=1
 * @property {number} uid
 * @property {{ name: string, debian: boolean }} release
 * @property {boolean} present dockerd is installed
 * @property {boolean} systemd
 */

/**
 * @param {NodeJS.ProcessEnv} env
 * @returns {Facts}
 */
function facts(env) {
  const file = ['/etc/os-release', '/usr/lib/os-release'].find((one) => fs.existsSync(one));
  return {
    forbidden: env.PGDRILL_NO_INSTALL === '1',
    uid: process.getuid?.() ?? -1,
    release: file ? releaseOf(fs.readFileSync(file, 'utf8')) : { name: process.platform, debian: false },
    present: Boolean(programNamed('dockerd')),
    systemd: hasSystemd(),
  };
}

/**
 * Why no engine may be installed or started here, with what a person has to type. Pure.
 *
 * @param {EngineFailure} failure
 * @param {Facts} facts
 * @returns {MachineError | null} null: it may
 */
function refusal(failure, { forbidden, uid, release, present, systemd }) {
  const { failure: code, what, cure } = failure;
  if (code !== 'PGDRILL_ENGINE_NONE') return new MachineError(code, what, cure);
  const start = systemd ? 'systemctl start docker' : 'dockerd >/var/log/dockerd.log 2>&1 &';
  const commands = present ? start : `apt-get update && apt-get install -y ${packages.join(' ')} && ${start}`;
  const task = present ? 'start it' : 'install it';
  if (!release.debian) {
    const how = present ? `start it (as root: ${start})` : 'install Docker Engine or Podman by its own instructions';
    return new MachineError(
      code,
      `${what}; pgdrill can ${task} only on Debian and Ubuntu, and this is ${release.name}`,
      how,
    );
  }
  if (forbidden)
    return new MachineError(code, `${what}; PGDRILL_NO_INSTALL=1 forbids to ${task}`, `as root: ${commands}`);
  if (uid !== 0) return new MachineError(code, `${what}; only root can ${task}`, `as root: ${commands}`);
  return null;
}

module.exports = { installEngine, refusal };
