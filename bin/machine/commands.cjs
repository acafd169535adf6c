// @ts-check
'use strict';

/**
 * @typedef {'nothing' | 'look' | 'find' | 'install'} Need what a command needs of an engine.
 *   look: it wants to know what is there, and works without; find: it needs one that runs already (there is nothing to
 *   enter on a machine without); install: it may be installed and started
 */

/** @type {Record<string, Need>} what is not named here needs no engine: help, list, check, report, and unknown words */
const needs = {
  run: 'install',
  up: 'install',
  images: 'install',
  test: 'install',
  sabotage: 'install',
  pitr: 'find',
  enter: 'find',
  logs: 'find',
  down: 'find',
  doctor: 'look',
};

/**
 * @param {readonly string[]} argv arguments of the command line, without node and script
 * @returns {Need}
 */
function needOf(argv) {
  const own = argv.includes('--') ? argv.slice(0, argv.indexOf('--')) : argv;
  if (own.some((word) => ['--help', '-h', '--version', '-V'].includes(word))) return 'nothing';
  const [command = '', ...rest] = own.filter((word) => !word.startsWith('-'));
  if (command === 'test' && rest.length > 0 && rest.every((word) => word === 'unit')) return 'nothing';
  // Functions on saved evidence, and a list, need no container.
  if (command === 'sabotage' && !own.includes('--live') && own.includes('--evidence')) return 'nothing';
  if (command === 'sabotage' && own.includes('--list')) return 'nothing';
  return Object.hasOwn(needs, command) ? (needs[command] ?? 'nothing') : 'nothing';
}

module.exports = { needOf };
