// @ts-check
'use strict';

const http = require('node:http');
const https = require('node:https');
const { deadlines } = require('./deadlines.cjs');

/**
 * @typedef {object} Address where an engine is spoken to
 * @property {string} [socketPath]
 * @property {'http' | 'https'} [protocol] with `hostname` and `port`, where there is no `socketPath`
 * @property {string} [hostname]
 * @property {number} [port]
 * @property {{ ca?: string, cert?: string, key?: string, rejectUnauthorized: boolean }} [tls] PEM texts
 */

/**
 * @typedef {object} EngineVersion what an engine says of itself (Docker Engine API, GET /version)
 * @property {string} engine `20.10.24`
 * @property {string} api the API's version, `1.41`
 * @property {string} os
 * @property {string} arch as Go names it: amd64, arm64
 * @property {boolean} podman Podman's service behind Docker's API
 */

/**
 * @param {Address} address
 * @param {string} path
 * @returns {Promise<string>} the body of a 200
 */
function get(address, path) {
  const { socketPath, protocol, hostname, port, tls } = address;
  return new Promise((resolve, reject) => {
    const options = { socketPath, hostname, port, path, agent: false, ...tls };
    const request = (protocol === 'https' ? https : http).get(options, (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (chunk) => (body += chunk));
      response.on('error', reject);
      response.on('end', () => {
        if (response.statusCode === 200) resolve(body);
        else reject(new Error(`it answered ${path} with ${response.statusCode}: ${body.trim().slice(0, 200)}`));
      });
    });
    // An overall deadline, not a socket's idle one: a host may accept and then drip.
    const timer = setTimeout(
      () => request.destroy(new Error(`it did not answer within ${deadlines.pingMs / 1000} s`)),
      deadlines.pingMs,
    );
    request.on('close', () => clearTimeout(timer));
    request.on('error', reject);
  });
}

/**
 * Asks an engine whether it is there, and who it is.
 *
 * @param {Address} address
 * @returns {Promise<EngineVersion>}
 * @throws {Error} Node's own (`code` ENOENT, ECONNREFUSED, EACCES …), or one saying what was answered
 */
async function askEngine(address) {
  await get(address, '/_ping');
  const body = await get(address, '/version');
  try {
    const version = JSON.parse(body);
    const components = Array.isArray(version.Components) ? version.Components : [];
    return {
      engine: String(version.Version),
      api: String(version.ApiVersion),
      os: String(version.Os),
      arch: String(version.Arch),
      podman: components.some((/** @type {{ Name?: string }} */ one) => /podman/i.test(one.Name ?? '')),
    };
  } catch (error) {
    throw new Error('what answers there is not a Docker engine', { cause: error });
  }
}

module.exports = { askEngine };
