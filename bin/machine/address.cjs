// @ts-check
'use strict';

const fs = require('node:fs');
const path = require('node:path');

/** @typedef {import('./ping.cjs').Address} Address */
/** @typedef {import('./context.cjs').Chosen} Chosen */

/**
 * Reads an address as the docker command does: `unix://`, `tcp://`, `http://`, `https://`, or a bare `host:port`.
 *
 * @param {Chosen} chosen
 * @returns {Address | string} a string says why there is none
 */
function addressOf({ host, tls, verify = true, certPath }) {
  const scheme = /^([a-z]+):\/\//.exec(host)?.[1] ?? 'tcp';
  if (scheme === 'unix') return host.length > 7 ? { socketPath: host.slice(7) } : 'it names no socket';
  if (scheme === 'ssh')
    return 'pgdrill does not go through ssh; run it on that host, or forward its socket with `ssh -L`';
  if (!['tcp', 'http', 'https'].includes(scheme)) return `${scheme}:// is not supported`;
  let url;
  try {
    url = new URL(host.replace(/^([a-z]+:\/\/)?/, 'http://'));
  } catch {
    return 'it is not an address';
  }
  const secure = tls || scheme === 'https';
  // new URL drops :80 as http's own.
  const port = Number(url.port || (/:80(\/|$)/.test(host) ? 80 : secure ? 2376 : 2375));
  const hostname = url.hostname.replace(/^\[|\]$/g, '');
  if (!secure) return { protocol: 'http', hostname, port };
  return { protocol: 'https', hostname, port, tls: { rejectUnauthorized: verify, ...certificates(certPath) } };
}

/**
 * @param {string | undefined} folder
 * @returns {{ ca?: string, cert?: string, key?: string }}
 */
function certificates(folder) {
  /** @type {{ ca?: string, cert?: string, key?: string }} */
  const found = {};
  for (const name of /** @type {const} */ (['ca', 'cert', 'key'])) {
    const file = folder && path.join(folder, `${name}.pem`);
    if (file && fs.existsSync(file)) found[name] = fs.readFileSync(file, 'utf8');
  }
  return found;
}

module.exports = { addressOf };
