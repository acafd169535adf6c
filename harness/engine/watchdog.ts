import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import type { Socket } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import type { Engine } from './connect';

export interface Watchdog {
  readonly pid: number | undefined;
  /** The run ended in order: the watchdog goes away and removes nothing. Idempotent. */
  stop(): Promise<void>;
}

/**
 * Starts the process that removes everything labelled with a run when this process ends without having said that it is
 * done: by SIGKILL, a crash, the end of its terminal. It holds nothing of this process but a pipe, has a session of its
 * own (Ctrl-C and a closed terminal do not reach it) and writes to a log in the folder for temporary files, removed at
 * its end unless it failed. Returns at once; what is written to the pipe waits for it.
 */
export function startWatchdog(engine: Engine, run: string): Watchdog {
  const log = path.join(os.tmpdir(), `pgdrill-watchdog-${run}-${process.pid}.log`);
  const output = openSync(log, 'w', 0o600);
  // With the parent's output as its own, `pgdrill run | tee` would not end before it.
  const child = spawn(process.execPath, [path.join(__dirname, 'watchdog-main.cjs')], {
    detached: true,
    cwd: '/',
    stdio: ['pipe', output, output],
    // NODE_OPTIONS could load what no longer is there when it is needed.
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  closeSync(output);
  const { socketPath, protocol, hostname, port, tls } = engine.endpoint;
  const address = { socketPath, protocol, hostname, port, tls };
  const pipe = child.stdin as Socket;
  // A watchdog that was killed itself: the sweep of the next start does its work.
  pipe.on('error', () => undefined);
  child.on('error', () => undefined);
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()).once('error', () => resolve()));
  pipe.write(`${JSON.stringify({ run, address, log })}\n`);
  child.unref();
  pipe.unref();
  let stopping: Promise<void> | undefined;
  return {
    pid: child.pid,
    stop() {
      stopping ??= (async () => {
        // Awaiting its exit needs the event loop to stay.
        child.ref();
        if (child.exitCode === null && child.signalCode === null) {
          pipe.end('done\n');
          await exited;
        }
      })();
      return stopping;
    },
  };
}
