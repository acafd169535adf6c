import { setMaxListeners } from 'node:events';
import { PassThrough, Readable, type Duplex } from 'node:stream';
import type Dockerode from 'dockerode';
import { messageOf, PgdrillError } from '../record/errors';
import { throwIfInterrupted, until } from '../run/until';
import { engineFailure, lastLines, statusOf } from './failures';
import { readFrames } from './frames';

export interface ExecOptions {
  /** User inside the container; default the image's. */
  user?: string;
  /** What the command reads; it sees the end of its input after it. Without it the command has none. */
  input?: string | Buffer | Readable;
  environment?: Record<string, string>;
  workingDir?: string;
  /** Ends the waiting, not the command: the engine cannot signal what it has exec'ed. Its streams are closed. */
  signal?: AbortSignal;
  /** Throw PGDRILL_COMMAND_FAILED when the exit code is not 0. */
  check?: boolean;
}

export interface RunningExec {
  /** Must be read to its end (or destroyed) for `finished` to settle. Not read means not written: nothing is buffered. */
  readonly stdout: Readable;
  /** Settles when the command has ended; rejects when the connection breaks, the input fails or the signal aborts. */
  readonly finished: Promise<{ exitCode: number; stderr: string }>;
}

/**
 * Runs a command in a running container over a connection of its own (Docker Engine API, ContainerExec, "hijacking"):
 * half-closing it is what ends the command's input while its output goes on.
 */
export async function openExec(
  container: Dockerode.Container,
  name: string,
  command: string[],
  options: ExecOptions,
): Promise<RunningExec> {
  const signal = options.signal ?? new AbortController().signal;
  // Many commands hang on the one signal of a run.
  setMaxListeners(0, signal);
  throwIfInterrupted(signal);
  const { exec, socket } = await connect(container, name, command, options);
  const arrived = new PassThrough();
  const abort = () => arrived.destroy(signal.reason instanceof Error ? signal.reason : new Error('aborted'));
  signal.addEventListener('abort', abort, { once: true });
  // A command that ends without reading all its input breaks the pipe; what it has said before still counts.
  let inputFailure: unknown;
  socket.on('error', () => arrived.end());
  socket.on('close', () => arrived.end());
  socket.pipe(arrived, { end: true });
  feed(socket, options.input).catch((error: unknown) => {
    inputFailure = error;
    arrived.destroy(error instanceof Error ? error : new Error(messageOf(error)));
  });
  arrived.on('error', () => undefined);
  arrived.on('close', () => {
    signal.removeEventListener('abort', abort);
    socket.destroy();
  });

  const errors: Buffer[] = [];
  async function* output(): AsyncGenerator<Buffer> {
    for await (const { source, data } of readFrames(arrived)) {
      if (source === 'stdout') yield data;
      else errors.push(data);
    }
  }
  const stdout = Readable.from(output(), { objectMode: false });
  const finished = new Promise<{ exitCode: number; stderr: string }>((resolve, reject) => {
    stdout.on('error', (error) => {
      if (signal.aborted) return reject(interruption(signal));
      if (inputFailure !== undefined) return reject(inputFailed(name, command, inputFailure));
      reject(engineFailure(error, `a command ran in ${name}`));
    });
    stdout.on('close', () => {
      arrived.destroy();
      if (!stdout.readableEnded) reject(new Error('the output was closed before its end'));
    });
    stdout.on('end', () => {
      exitCodeOf(exec, signal).then(
        (exitCode) => resolve({ exitCode, stderr: Buffer.concat(errors).toString() }),
        (error: unknown) => reject(engineFailure(error, `the exit code of a command in ${name} was read`)),
      );
    });
  });
  finished.catch(() => undefined);
  return { stdout, finished };
}

async function connect(container: Dockerode.Container, name: string, command: string[], options: ExecOptions) {
  try {
    const exec = await container.exec({
      Cmd: command,
      AttachStdin: options.input !== undefined,
      AttachStdout: true,
      AttachStderr: true,
      Env: Object.entries(options.environment ?? {}).map(([key, value]) => `${key}=${value}`),
      ...(options.user ? { User: options.user } : {}),
      ...(options.workingDir ? { WorkingDir: options.workingDir } : {}),
    });
    const socket: Duplex = await exec.start({ hijack: true, stdin: true, Detach: false, Tty: false });
    return { exec, socket };
  } catch (error) {
    if (statusOf(error) === 409) {
      throw new PgdrillError(
        'PGDRILL_CONTAINER_NOT_RUNNING',
        `the container ${name} does not run, or is paused, so "${textOf(command)}" cannot run in it`,
        'start or unpause it first',
        { cause: error },
      );
    }
    throw engineFailure(error, `"${textOf(command)}" was started in ${name}`);
  }
}

/** Writes the input no faster than the command reads it, then half-closes. Stops quietly once nobody reads. */
async function feed(socket: Duplex, input: ExecOptions['input']): Promise<void> {
  if (input === undefined) return;
  const source = input instanceof Readable ? input : Readable.from([input], { objectMode: false });
  for await (const chunk of source) {
    if (!socket.writable) return;
    if (!socket.write(chunk)) await writableAgain(socket);
  }
  if (socket.writable) socket.end();
}

async function writableAgain(socket: Duplex): Promise<void> {
  await new Promise<void>((resolve) => {
    const go = () => {
      socket.off('drain', go);
      socket.off('close', go);
      resolve();
    };
    socket.on('drain', go);
    socket.on('close', go);
    if (socket.destroyed) go();
  });
}

/** The engine closes the output a moment before it notes the exit code. */
async function exitCodeOf(exec: Dockerode.Exec, signal: AbortSignal): Promise<number> {
  const found = await until(
    'command in a container',
    { deadlineScale: 1, signal },
    async () => {
      const { Running, ExitCode } = await exec.inspect();
      return Running || ExitCode === null ? undefined : { code: ExitCode };
    },
    { everyMs: 20 },
  );
  return found.code;
}

/** @throws PGDRILL_COMMAND_FAILED, with the command, the exit code and the last lines that it wrote to stderr */
export function commandFailed(
  name: string,
  command: string[],
  exitCode: number,
  stderr: string,
  stdout = '',
): PgdrillError {
  const said = lastLines(stderr.trim() === '' ? stdout : stderr, 12).trim();
  return new PgdrillError(
    'PGDRILL_COMMAND_FAILED',
    `"${textOf(command)}" in ${name} ended with ${exitCode}${said === '' ? ' and said nothing' : `: ${said}`}`,
    'look at what the command said, and at the logs of the container kept with the run',
  );
}

function inputFailed(name: string, command: string[], cause: unknown): PgdrillError {
  if (cause instanceof PgdrillError) return cause;
  return new PgdrillError(
    'PGDRILL_INPUT_FAILED',
    `what "${textOf(command)}" in ${name} was to read could not be read: ${messageOf(cause)}`,
    'check the file or stream that is given to it',
    { cause },
  );
}

function interruption(signal: AbortSignal): unknown {
  try {
    throwIfInterrupted(signal);
  } catch (error) {
    return error;
  }
  return signal.reason;
}

function textOf(command: string[]): string {
  const text = command.map((word) => (/^[\w./:=@%+,-]+$/.test(word) ? word : `'${word}'`)).join(' ');
  return text.length > 300 ? `${text.slice(0, 300)}…` : text;
}
