// @ts-check
'use strict';

const fs = require('node:fs');
const net = require('node:net');
const { nameOf } = require('./process-table.cjs');

/** What a killed daemon leaves behind; the next one takes each for a living one and gives up, or waits in vain. */
const pidFiles = [
  { file: '/var/run/docker.pid', program: 'dockerd' },
  { file: '/var/run/docker/containerd/containerd.pid', program: 'containerd' },
];
// dockerd looks only whether the socket of the system's containerd exists, not whether it answers.
const sockets = ['/var/run/docker.sock', '/run/containerd/containerd.sock'];

/**
 * Whether a pid file is a dead daemon's. Pure.
 *
 * @param {string} text what it holds
 * @param {string} program who should be running under that pid
 * @param {(pid: number) => string | null} nameOfPid the program's name, null when no such process runs
 * @returns {boolean}
 */
function isStalePid(text, program, nameOfPid) {
  const pid = Number(text.trim());
  // After a restart of the machine or container the pid is often another program's.
  return !Number.isInteger(pid) || pid <= 0 || nameOfPid(pid) !== program;
}

/**
 * @param {string} file
 * @returns {Promise<boolean>} whether somebody accepts connections there
 */
function listens(file) {
  return new Promise((resolve) => {
    const socket = net.connect(file);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', (error) => {
      resolve(/** @type {NodeJS.ErrnoException} */ (error).code !== 'ECONNREFUSED');
    });
  });
}

/**
 * Removes the pid files and sockets of daemons that no longer run.
 *
 * @returns {Promise<string[]>} the files removed
 */
async function removeLeftovers() {
  const removed = [];
  for (const { file, program } of pidFiles) {
    if (fs.existsSync(file) && isStalePid(fs.readFileSync(file, 'utf8'), program, nameOf)) removed.push(file);
  }
  for (const file of sockets) {
    if (fs.existsSync(file) && !(await listens(file))) removed.push(file);
  }
  for (const file of removed) fs.rmSync(file, { force: true });
  return removed;
}

/** @returns {boolean} whether a dockerd runs already (it may not answer yet) */
function dockerdRuns() {
  const { file } = /** @type {{ file: string }} */ (pidFiles[0]);
  return fs.existsSync(file) && !isStalePid(fs.readFileSync(file, 'utf8'), 'dockerd', nameOf);
}

module.exports = { dockerdRuns, isStalePid, removeLeftovers };
