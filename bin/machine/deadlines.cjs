// @ts-check
'use strict';

/** Every wait of making the machine ready, in milliseconds. */
module.exports = {
  deadlines: {
    /** One engine's answer to /_ping or /version. */
    pingMs: 3_000,
    /** dockerd, from its start to its first answer; a cold disk and a first containerd take about 5 s. */
    engineStartMs: 90_000,
    /** Another pgdrill that installs the same thing. */
    lockMs: 20 * 60_000,
    /** A lock without a readable holder, or of a holder on another host: older than this it is taken over. */
    unreadableLockMs: 10_000,
    foreignLockMs: 30 * 60_000,
    /** Another apt or dpkg on this machine. */
    aptLockMs: 300_000,
    /** A child's own clean-up after Ctrl-C, before it is killed. */
    childEndsMs: 8_000,
  },
  /** How often a condition is looked at, in milliseconds. */
  polls: { engineMs: 100, lockMs: 200, aptMs: 2_000 },
};
