// @ts-check
'use strict';

const fs = require('node:fs');
const path = require('node:path');

/**
 * When a process started, so that a pid given anew to another process is not taken for the first one
 * (proc(5), /proc/[pid]/stat field 22: clock ticks since boot).
 *
 * @param {number} pid
 * @returns {string | null} null when no such process runs; '?' where there is no /proc to ask
 */
function startOf(pid) {
  try {
    const stat = fs.readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name, field 2, may hold spaces and brackets: count from its closing bracket. Field 3 is the state.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' || fields[0] === 'X' ? null : (fields[19] ?? '?');
  } catch {
    if (fs.existsSync('/proc/self/stat')) return null;
  }
  try {
    process.kill(pid, 0);
    return '?';
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM' ? '?' : null;
  }
}

/**
 * @param {number} pid
 * @returns {string | null} the program's name (`dockerd`), null when no such process runs
 */
function nameOf(pid) {
  try {
    const [program = ''] = fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
    if (startOf(pid) === null) return null;
    return path.basename(program) || fs.readFileSync(`/proc/${pid}/comm`, 'utf8').trim();
  } catch {
    return null;
  }
}

module.exports = { nameOf, startOf };
