import type { Duplex } from 'node:stream';
import type { Container } from '../engine/container';
import { PgdrillError } from '../record/errors';

/** A command to run in a container on behalf of a person or a script. */
export interface ExecRequest {
  command: string[];
  /** User inside the container. */
  user: string;
}

/**
 * Runs a command in a container with this process's standard streams: with a terminal of its own where this process has
 * one, else with plain pipes.
 * @returns the command's exit code
 */
export async function execSession(container: Container, request: ExecRequest): Promise<number> {
  if (!(await container.isRunning())) {
    const { name } = container;
    throw new PgdrillError(
      'PGDRILL_CONTAINER_NOT_RUNNING',
      `the container ${name} does not run`,
      '`pgdrill logs` shows why; `pgdrill down` removes the cluster',
    );
  }
  return process.stdin.isTTY && process.stdout.isTTY ? onTerminal(container, request) : onPipes(container, request);
}

async function onPipes(container: Container, { command, user }: ExecRequest): Promise<number> {
  const running = await container.execStream(command, { user, input: process.stdin });
  try {
    for await (const chunk of running.stdout) process.stdout.write(chunk as Buffer);
    const { exitCode, stderr } = await running.finished;
    process.stderr.write(stderr);
    return exitCode;
  } finally {
    // Whoever holds its other end may never close it, and it would keep this process alive.
    process.stdin.destroy();
  }
}

/** Every key goes to the command (Ctrl-C, too), and the size of the window with it: Docker Engine API, ExecResize. */
async function onTerminal(container: Container, { command, user }: ExecRequest): Promise<number> {
  const { stdin, stdout } = process;
  const exec = await container.docker.exec({
    Cmd: command,
    User: user,
    Env: [`TERM=${process.env.TERM ?? 'xterm'}`],
    AttachStdin: true,
    AttachStdout: true,
    AttachStderr: true,
    Tty: true,
  });
  const stream: Duplex = await exec.start({ hijack: true, stdin: true, Tty: true });
  const resize = (): void => {
    // A command that has ended meanwhile has no window any more.
    exec.resize({ h: stdout.rows, w: stdout.columns }).catch(() => undefined);
  };
  try {
    stdin.setRawMode(true);
    stdin.pipe(stream);
    stream.pipe(stdout, { end: false });
    stdout.on('resize', resize);
    resize();
    await new Promise<void>((resolve, reject) =>
      stream.once('end', resolve).once('close', resolve).once('error', reject),
    );
    return (await exec.inspect()).ExitCode ?? 0;
  } finally {
    stdout.off('resize', resize);
    stdin.unpipe(stream);
    stdin.setRawMode(false);
    stdin.destroy();
    stream.destroy();
  }
}
