// @ts-check
'use strict';

const fs = require('node:fs');
const path = require('node:path');
const { createHash } = require('node:crypto');

/**
 * @typedef {object} Chosen what a person chose, before anything is asked of it
 * @property {string} source `DOCKER_HOST`, or `context <name>`
 * @property {string} host the address as it was given
 * @property {boolean} [tls] TLS was asked for
 * @property {boolean} [verify] the server's certificate is verified (default true)
 * @property {string} [certPath] folder with ca.pem, cert.pem, key.pem; any may be missing
 * @property {string} [broken] why the choice cannot be followed
 */

/**
 * The endpoint that was chosen by environment or docker context, in the docker command's own order: DOCKER_HOST, then
 * DOCKER_CONTEXT, then `currentContext` of config.json (Docker documentation, "Docker contexts"; "Use the Docker
 * command line", environment variables).
 *
 * @param {NodeJS.ProcessEnv} env
 * @param {string} home
 * @returns {Chosen | null} null: nothing was chosen, the default sockets serve
 */
function chosenEndpoint(env, home) {
  const config = env.DOCKER_CONFIG || path.join(home, '.docker');
  if (env.DOCKER_HOST) {
    return {
      source: 'DOCKER_HOST',
      host: env.DOCKER_HOST,
      tls: Boolean(env.DOCKER_TLS_VERIFY || env.DOCKER_TLS),
      verify: Boolean(env.DOCKER_TLS_VERIFY) || !env.DOCKER_TLS,
      certPath: env.DOCKER_CERT_PATH || config,
    };
  }
  const name = env.DOCKER_CONTEXT || currentContext(config);
  if (!name || name === 'default') return null;
  return contextNamed(name, config);
}

/**
 * @param {string} config
 * @returns {string | undefined}
 */
function currentContext(config) {
  try {
    const { currentContext: name } = JSON.parse(fs.readFileSync(path.join(config, 'config.json'), 'utf8'));
    return typeof name === 'string' ? name : undefined;
  } catch {
    return undefined;
  }
}

/**
 * @param {string} name
 * @param {string} config
 * @returns {Chosen}
 */
function contextNamed(name, config) {
  const source = `context ${name}`;
  // docker keeps each context under the sha256 of its name (docker/cli, cli/context/store).
  const id = createHash('sha256').update(name).digest('hex');
  const meta = path.join(config, 'contexts/meta', id, 'meta.json');
  try {
    const endpoint = JSON.parse(fs.readFileSync(meta, 'utf8')).Endpoints?.docker;
    if (!endpoint?.Host) return { source, host: '', broken: `the docker context "${name}" names no host` };
    const certPath = path.join(config, 'contexts/tls', id, 'docker');
    const tls = fs.existsSync(certPath);
    return { source, host: endpoint.Host, tls, verify: !endpoint.SkipTLSVerify, ...(tls ? { certPath } : {}) };
  } catch (error) {
    const why = /** @type {NodeJS.ErrnoException} */ (error).code === 'ENOENT' ? 'does not exist' : 'cannot be read';
    return { source, host: '', broken: `the docker context "${name}" ${why}` };
  }
}

module.exports = { chosenEndpoint };
