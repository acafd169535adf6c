// @ts-check
'use strict';

// Removes what a run has made, by its label. Node's built-ins only: the watchdog needs nothing else to be loadable at
// the moment when it matters, and cleanup.ts uses the very same code.

const http = require('node:http');
const https = require('node:https');

/** @typedef {import('../../bin/machine/ping.cjs').Address} Address */
/** @typedef {{ kind: 'container' | 'network' | 'volume', id: string, name: string, labels: Record<string, string> }} Resource */

/** Longest wait for one answer; removing a container of some gigabytes takes about 2 s. */
const answerMs = 30_000;

/**
 * @param {Address} address
 * @param {string} method
 * @param {string} path
 * @param {unknown} [body]
 * @returns {Promise<{ status: number, body: any }>} `body` parsed where it is JSON
 */
function request({ socketPath, protocol, hostname, port, tls }, method, path, body) {
  return new Promise((resolve, reject) => {
    const payload = body === undefined ? undefined : JSON.stringify(body);
    const headers = payload ? { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(payload) } : {};
    const options = { socketPath, hostname, port, method, path, headers, agent: false, timeout: answerMs, ...tls };
    const sent = (protocol === 'https' ? https : http).request(options, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk) => (text += chunk));
      response.on('error', reject);
      response.on('end', () => {
        /** @type {any} */
        let parsed = text;
        try {
          parsed = JSON.parse(text);
        } catch {
          // an empty body, or plain words
        }
        resolve({ status: response.statusCode ?? 0, body: parsed });
      });
    });
    sent.on('timeout', () => sent.destroy(new Error(`${method} ${path}: no answer within ${answerMs} ms`)));
    sent.on('error', reject);
    sent.end(payload);
  });
}

/**
 * Everything that carries a label: containers, running or not, networks, volumes.
 *
 * @param {Address} address
 * @param {string} label `key` or `key=value`
 * @returns {Promise<Resource[]>}
 */
async function listLabelled(address, label) {
  const filters = encodeURIComponent(JSON.stringify({ label: [label] }));
  /** @param {string} path */
  const get = async (path) => {
    const { status, body } = await request(address, 'GET', `${path}filters=${filters}`);
    if (status === 200) return body;
    throw new Error(`the engine answered GET ${path} with ${status}: ${body?.message ?? body}`);
  };
  const [containers, networks, volumes] = await Promise.all([
    get('/containers/json?all=1&'),
    get('/networks?'),
    get('/volumes?'),
  ]);
  /** @type {(kind: Resource['kind']) => (one: any) => Resource} */
  const as = (kind) => (one) => ({
    kind,
    id: one.Id ?? one.Name,
    name: (one.Names?.[0] ?? one.Name ?? one.Id).replace(/^\//, ''),
    labels: one.Labels ?? {},
  });
  return [
    ...containers.map(as('container')),
    ...networks.map(as('network')),
    ...(volumes.Volumes ?? []).map(as('volume')),
  ];
}

/**
 * @param {Address} address
 * @param {Resource} resource
 * @returns {Promise<string | undefined>} why it is still there; undefined when it is gone, or going
 */
async function removeOne(address, resource) {
  const id = encodeURIComponent(resource.id);
  const path = {
    container: `/containers/${id}?force=1&v=1`,
    network: `/networks/${id}`,
    volume: `/volumes/${id}?force=1`,
  }[resource.kind];
  const { status, body } = await request(address, 'DELETE', path);
  if (status < 300 || status === 404) return undefined;
  // Somebody's own container on our network: it is taken off.
  if (resource.kind === 'network' && status === 403) await emptyNetwork(address, id);
  return `${resource.kind} ${resource.name}: ${body?.message ?? status}`;
}

/**
 * @param {Address} address
 * @param {string} id
 */
async function emptyNetwork(address, id) {
  const { body } = await request(address, 'GET', `/networks/${id}`);
  for (const container of Object.keys(body?.Containers ?? {})) {
    await request(address, 'POST', `/networks/${id}/disconnect`, { Container: container, Force: true });
  }
}

/**
 * Removes everything of a run: containers in parallel, then networks, then volumes, again and again until nothing is
 * listed for two looks in a row and for `quietMs`: the engine may still be at a creation that was asked for before.
 *
 * @param {Address} address
 * @param {string} run
 * @param {{ quietMs?: number, deadlineMs?: number, deadEngineMs?: number, pollMs?: number }} [limits] `deadEngineMs`:
 *   give up earlier when the engine has answered nothing for so long
 * @returns {Promise<string[]>} names of what was removed
 * @throws {Error} naming what is still there when the deadline passed, or what the engine last answered
 */
async function removeRun(address, run, limits = {}) {
  const { quietMs = 0, deadlineMs = 60_000, deadEngineMs = 3_000, pollMs = 100 } = limits;
  const started = Date.now();
  let answered = started;
  const removed = new Set();
  /** @type {unknown} */
  let trouble;
  let emptyLooks = 0;
  let emptySince = started;
  while (Date.now() - started < deadlineMs) {
    try {
      const found = await listLabelled(address, `pgdrill.run=${run}`);
      answered = Date.now();
      if (found.length === 0) {
        if (emptyLooks === 0) emptySince = Date.now();
        emptyLooks += 1;
        if (emptyLooks >= 2 && Date.now() - emptySince >= quietMs) return [...removed];
      } else {
        emptyLooks = 0;
        for (const { kind, name } of found) removed.add(`${kind} ${name}`);
        trouble = (await removeAll(address, found))[0] ?? trouble;
      }
    } catch (error) {
      // A read that failed says nothing of what is there.
      emptyLooks = 0;
      trouble = error;
      if (Date.now() - answered > deadEngineMs) break;
    }
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
  const why = trouble instanceof Error ? trouble.message : String(trouble ?? 'more kept appearing');
  throw new Error(`what the run ${run} made is not gone after ${Date.now() - started} ms: ${why}`, { cause: trouble });
}

/**
 * @param {Address} address
 * @param {Resource[]} found
 * @returns {Promise<string[]>} why some are still there
 */
async function removeAll(address, found) {
  const reasons = [];
  for (const kind of ['container', 'network', 'volume']) {
    const ones = found.filter((one) => one.kind === kind);
    reasons.push(...(await Promise.all(ones.map((one) => removeOne(address, one)))));
  }
  return reasons.filter((reason) => reason !== undefined);
}

module.exports = { listLabelled, removeRun };
