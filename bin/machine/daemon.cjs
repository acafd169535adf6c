// @ts-check
'use strict';

const fs = require('node:fs');
const path = require('node:path');
const { spawn } = require('node:child_process');
const { MachineError } = require('./error.cjs');
const { askEngine } = require('./ping.cjs');
const { cgroupMounts } = require('./cgroups.cjs');
const { deadlines, polls } = require('./deadlines.cjs');
const { dockerdRuns, removeLeftovers } = require('./leftovers.cjs');
const { runChild } = require('./child.cjs');
const { until } = require('./interrupt.cjs');

const log = '/var/log/dockerd.log';
const socketPath = '/var/run/docker.sock';
const programs = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'];

/**
 * @param {string} name
 * @returns {string | undefined} its path; a user's PATH may lack sbin, so the places are fixed
 */
function programNamed(name) {
  return programs.map((folder) => path.join(folder, name)).find((file) => fs.existsSync(file));
}

/** @returns {boolean} whether systemd is this machine's init (sd_booted(3)) */
function hasSystemd() {
  return fs.existsSync('/run/systemd/system');
}

/**
 * Starts the Docker engine that is installed, and waits until it answers. It outlives this process.
 *
 * @param {{ signal: AbortSignal, say: (line: string) => void }} how
 * @returns {Promise<void>}
 * @throws {MachineError} PGDRILL_ENGINE_START
 */
async function startEngine({ signal, say }) {
  const began = Date.now();
  /** @type {() => number | null} */
  let ended = () => null;
  const logBegan = readIfThere(log).length;
  if (hasSystemd()) {
    say('starting the Docker engine (systemctl start docker) ...');
    const { code, output } = await runChild('systemctl', ['start', 'docker'], { signal });
    if (code !== 0)
      throw await startFailed(`\`systemctl start docker\` ended with code ${code}`, { signal, logBegan, output });
  } else if (dockerdRuns()) {
    say('a dockerd runs but does not answer yet; waiting for it ...');
  } else {
    say(`starting dockerd (no init here; its log is ${log}, and it stays up afterwards) ...`);
    ended = await startByHand({ signal, say });
  }
  const answered = await until(
    async () => {
      if (ended() !== null) return 'ended';
      return askEngine({ socketPath }).then(
        () => 'answers',
        () => undefined,
      );
    },
    { deadlineMs: deadlines.engineStartMs, pollMs: polls.engineMs, signal },
  );
  if (answered === 'ended') throw await startFailed(`dockerd ended at once with code ${ended()}`, { signal, logBegan });
  if (!answered)
    throw await startFailed(`dockerd did not answer within ${deadlines.engineStartMs / 1000} s`, { signal, logBegan });
  say(`the Docker engine answers after ${((Date.now() - began) / 1000).toFixed(1)} s`);
}

/**
 * @param {{ signal: AbortSignal, say: (line: string) => void }} how
 * @returns {Promise<() => number | null>} tells the exit code once dockerd has ended
 */
async function startByHand({ signal, say }) {
  const removed = await removeLeftovers();
  if (removed.length > 0) say(`removed what a dead daemon left: ${removed.join(', ')}`);
  for (const [command = '', ...args] of cgroupMounts(readIfThere('/proc/mounts'), readIfThere('/proc/cgroups'))) {
    const { code, output } = await runChild(command, args, { signal });
    // Not fatal: a controller that cannot be mounted may not be needed, and dockerd says what it lacks.
    if (code !== 0) say(`${[command, ...args].join(' ')}: ${output.split('\n').pop()}`);
  }
  const fd = fs.openSync(log, 'a');
  // The limit of Debian's own init script: containers inherit it, and PostgreSQL wants more than a shell's 1024.
  const script = 'ulimit -n 1048576 2>/dev/null || ulimit -n "$(ulimit -Hn)" 2>/dev/null; exec dockerd';
  // Own session, no pipe to us: else `npm run drill | tee` would not end before dockerd does.
  const child = spawn('/bin/sh', ['-c', script], {
    cwd: '/',
    detached: true,
    stdio: ['ignore', fd, fd],
    env: daemonEnv(),
  });
  fs.closeSync(fd);
  /** @type {number | null} */
  let code = null;
  child.once('exit', (status) => (code = status ?? 1));
  child.once('error', () => (code = 127));
  child.unref();
  return () => code;
}

/**
 * @param {string} file
 * @returns {string} its content, empty where there is none
 */
function readIfThere(file) {
  return fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : '';
}

/** @returns {NodeJS.ProcessEnv} what a daemon may keep of our environment: no TMPDIR, no settings of npm or Node */
function daemonEnv() {
  const kept = Object.entries(process.env).filter(([name]) =>
    /^(HOME|LANG|DOCKER_RAMDISK|(https?|no|all)_proxy)$/i.test(name),
  );
  return { ...Object.fromEntries(kept), PATH: programs.join(':') };
}

/**
 * @param {string} what
 * @param {{ signal: AbortSignal, logBegan: number, output?: string }} seen `logBegan`: length of the log before this start
 * @returns {Promise<MachineError>}
 */
async function startFailed(what, { signal, logBegan, output = '' }) {
  const journal = hasSystemd()
    ? (await runChild('journalctl', ['-u', 'docker', '-n', '30', '--no-pager'], { signal })).output
    : readIfThere(log).slice(logBegan).trimEnd().split('\n').slice(-30).join('\n');
  const place = hasSystemd() ? '`journalctl -u docker`' : log;
  return new MachineError(
    'PGDRILL_ENGINE_START',
    `the Docker engine did not start: ${what}`,
    `see its lines above (all of them: ${place}); inside a container it needs to be a privileged one with a volume at ` +
      '/var/lib/docker; or set DOCKER_HOST to another engine',
    { details: [output, journal].filter(Boolean).join('\n') },
  );
}

module.exports = { hasSystemd, programNamed, startEngine };
