// @ts-check
'use strict';

const os = require('node:os');
const path = require('node:path');
const { addressOf } = require('./address.cjs');
const { chosenEndpoint } = require('./context.cjs');
const { askEngine } = require('./ping.cjs');

/** @typedef {import('./ping.cjs').Address} Address */
/** @typedef {import('./ping.cjs').EngineVersion} EngineVersion */
/** @typedef {import('./context.cjs').Chosen} Chosen */

/**
 * @typedef {object} Found
 * @property {string} source `DOCKER_HOST`, `context <name>`, `default socket`, `rootless socket`, `desktop socket`,
 *   `podman socket`
 * @property {string} host as DOCKER_HOST would say it: `unix:///var/run/docker.sock`
 * @property {string} [certPath] as DOCKER_CERT_PATH would say it, with TLS
 * @property {EngineVersion} version
 */
/** @typedef {Address & Found} Endpoint an engine that answered, with all that is needed to speak to it */

/**
 * @typedef {object} EngineFailure
 * @property {'PGDRILL_ENGINE_DEAD_HOST' | 'PGDRILL_ENGINE_PERMISSION' | 'PGDRILL_ENGINE_NONE'} failure
 *   DEAD_HOST: what was chosen does not answer; PERMISSION: a socket may not be opened; NONE: nothing was found
 * @property {string} what one sentence of what happened
 * @property {string} cure what to do
 */

/** @typedef {{ home?: string, systemSockets?: string[] }} Places where the default sockets lie; set in tests */

const cureOfScheme = 'give an address of the form unix:///path, tcp://host:port or https://host:port';
const cureOfDeadHost =
  'start that engine, or correct or unset DOCKER_HOST (or choose a context with `docker context use`); ' +
  'pgdrill never falls back to another engine than the one that was chosen';

/**
 * Finds the Docker engine as the docker command does: DOCKER_HOST, then the chosen context, then the default sockets
 * (system, rootless, Docker Desktop, Podman). What was chosen and does not answer is a failure, never a fall-back.
 *
 * @param {NodeJS.ProcessEnv} [env]
 * @param {Places} [places]
 * @returns {Promise<Endpoint | EngineFailure>} a failure is returned, not thrown; it has the property `failure`
 */
async function findEndpoint(env = process.env, places = {}) {
  const home = places.home ?? env.HOME ?? os.homedir();
  const chosen = chosenEndpoint(env, home);
  return chosen ? followChosen(chosen) : firstDefault(defaultSockets(env, home, places));
}

/**
 * @param {Chosen} chosen
 * @returns {Promise<Endpoint | EngineFailure>}
 */
async function followChosen(chosen) {
  /** @type {(what: string, cure?: string) => EngineFailure} */
  const dead = (what, cure = cureOfDeadHost) => ({ failure: 'PGDRILL_ENGINE_DEAD_HOST', what, cure });
  if (chosen.broken) return dead(chosen.broken, '`docker context ls` shows the contexts; or unset DOCKER_CONTEXT');
  const name = `${chosen.source} (${chosen.host})`;
  const address = addressOf(chosen);
  if (typeof address === 'string')
    return dead(`${name} cannot be used: ${address}`, `${cureOfScheme}; ${cureOfDeadHost}`);
  try {
    const version = await askEngine(address);
    const certPath = address.tls && chosen.certPath ? { certPath: chosen.certPath } : {};
    return { source: chosen.source, host: chosen.host, ...address, ...certPath, version };
  } catch (error) {
    if (isPermission(error)) return permission(name);
    const plain = address.protocol === 'http' && /HTTP request to an HTTPS server/.test(String(error));
    return dead(
      `no Docker engine answers at ${name}: ${reasonOf(error)}`,
      plain ? 'set DOCKER_TLS_VERIFY=1 and DOCKER_CERT_PATH: this engine speaks TLS only' : cureOfDeadHost,
    );
  }
}

/**
 * @param {NodeJS.ProcessEnv} env
 * @param {string} home
 * @param {Places} places
 * @returns {{ source: string, socketPath: string }[]} in the order in which they are asked
 */
function defaultSockets(env, home, { systemSockets = ['/var/run/docker.sock', '/run/podman/podman.sock'] }) {
  const [system = '', podman = ''] = systemSockets;
  const runtime = env.XDG_RUNTIME_DIR;
  return [
    { source: 'default socket', socketPath: system },
    ...(runtime ? [{ source: 'rootless socket', socketPath: path.join(runtime, 'docker.sock') }] : []),
    { source: 'desktop socket', socketPath: path.join(home, '.docker/run/docker.sock') },
    ...(runtime ? [{ source: 'podman socket', socketPath: path.join(runtime, 'podman/podman.sock') }] : []),
    { source: 'podman socket', socketPath: podman },
  ].filter(({ socketPath }) => socketPath);
}

/**
 * @param {{ source: string, socketPath: string }[]} sockets
 * @returns {Promise<Endpoint | EngineFailure>}
 */
async function firstDefault(sockets) {
  /** @type {EngineFailure | undefined} */
  let forbidden;
  const silent = [];
  for (const { source, socketPath } of sockets) {
    try {
      const version = await askEngine({ socketPath });
      return { source, host: `unix://${socketPath}`, socketPath, version };
    } catch (error) {
      if (isPermission(error)) forbidden ??= permission(`the ${source} (unix://${socketPath})`);
      else if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'ENOENT') {
        silent.push(`${socketPath} is there, but ${reasonOf(error)}`);
      }
    }
  }
  if (forbidden) return forbidden;
  const seen =
    silent.length > 0 ? silent.join('; ') : `none of ${sockets.map((one) => one.socketPath).join(', ')} exists`;
  return {
    failure: 'PGDRILL_ENGINE_NONE',
    what: `no Docker engine answers on this machine: ${seen}`,
    cure: 'install Docker and start it (Debian, Ubuntu: apt-get install docker.io), or set DOCKER_HOST',
  };
}

/**
 * @param {unknown} error
 * @returns {boolean}
 */
function isPermission(error) {
  return ['EACCES', 'EPERM'].includes(/** @type {NodeJS.ErrnoException} */ (error).code ?? '');
}

/**
 * @param {string} name
 * @returns {EngineFailure}
 */
function permission(name) {
  const { username } = os.userInfo();
  return {
    failure: 'PGDRILL_ENGINE_PERMISSION',
    what: `the user ${username} may not open ${name}`,
    cure: `put the user into the group docker (as root: usermod -aG docker ${username}) and log in anew`,
  };
}

/**
 * @param {unknown} error
 * @returns {string}
 */
function reasonOf(error) {
  const { code, message } = /** @type {NodeJS.ErrnoException} */ (error);
  if (code === 'ENOENT') return 'there is no such socket';
  if (code === 'ECONNREFUSED') return 'the connection was refused';
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'the name does not resolve';
  return message || code || String(error);
}

/**
 * The environment that makes another program (the docker command, testcontainers) speak to the same engine.
 *
 * @param {Endpoint} endpoint
 * @returns {Record<string, string>} to be put over process.env
 */
function environmentOf({ host, tls, certPath }) {
  if (!tls) return { DOCKER_HOST: host };
  return {
    DOCKER_HOST: host,
    ...(tls.rejectUnauthorized ? { DOCKER_TLS_VERIFY: '1' } : { DOCKER_TLS: '1' }),
    ...(certPath ? { DOCKER_CERT_PATH: certPath } : {}),
  };
}

module.exports = { environmentOf, findEndpoint };
