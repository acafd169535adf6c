// @ts-check
'use strict';

const { MachineError } = require('./error.cjs');
const { findEndpoint } = require('./endpoint.cjs');
const { installEngine } = require('./install.cjs');

/** @typedef {import('./endpoint.cjs').Endpoint} Endpoint */
/** @typedef {import('./endpoint.cjs').EngineFailure} EngineFailure */
/** @typedef {import('./commands.cjs').Need} Need */

/**
 * @typedef {object} Machine what the launcher hands to `main(argv, machine)` of harness/cli/main
 * @property {Endpoint | EngineFailure | null} endpoint null: the command needs no engine, and none was looked for. An
 *   EngineFailure only for `doctor`; every other command that needs an engine gets one that answered
 * @property {boolean} installed whether an engine was installed now
 * @property {{ dependencies: number, engine: number }} seconds how long each took
 */

/**
 * Finds the engine that a command needs; installs and starts it where the command may do so.
 *
 * @param {Need} need
 * @param {{ signal: AbortSignal, say: (line: string) => void, env?: NodeJS.ProcessEnv }} how
 * @returns {Promise<{ endpoint: Endpoint | EngineFailure | null, installed: boolean }>}
 * @throws {MachineError} PGDRILL_ENGINE_…, PGDRILL_INSTALL_FAILED
 */
async function readyEngine(need, { signal, say, env = process.env }) {
  if (need === 'nothing') return { endpoint: null, installed: false };
  const endpoint = await findEndpoint(env);
  if (need === 'look' || !('failure' in endpoint)) return { endpoint, installed: false };
  if (need === 'install') return installEngine(endpoint, { signal, say, env });
  throw new MachineError(endpoint.failure, endpoint.what, endpoint.cure);
}

module.exports = { readyEngine };
