import path from 'node:path';
import type { Readable } from 'node:stream';
import type Dockerode from 'dockerode';
import { PgdrillError } from '../record/errors';
import type { Engine } from './connect';
import { commandFailed, openExec, type ExecOptions, type RunningExec } from './exec';
import { engineFailure, lastLines, statusOf } from './failures';
import { readFrames } from './frames';
import { followFrames, type LogListener } from './logs';
import { firstEntry, packTar } from './tar';

export interface ExecResult {
  exitCode: number;
  stdout: string;
  stderr: string;
}

export interface ContainerFile {
  /** Absolute path; missing folders are made, owned by root. */
  target: string;
  content: string | Buffer;
  mode: number;
  uid?: number;
  gid?: number;
}

/** A container: one that pgdrill has made, in this process or in another one, or somebody else's. */
export class Container {
  readonly docker: Dockerode.Container;
  private ports = new Map<number, number>();

  constructor(
    private readonly engine: Engine,
    readonly id: string,
    readonly name: string,
    readonly labels: Readonly<Record<string, string>>,
  ) {
    this.docker = engine.docker.getContainer(id);
  }

  /** Its engine is on another machine: what it publishes there is not reached from here. */
  get isRemote(): boolean {
    return this.engine.remote;
  }

  /**
   * Runs a command to its end; all of its output is kept in memory (for more than some 100 MB: `execStream`).
   * @throws PGDRILL_COMMAND_FAILED with `check`, PGDRILL_CONTAINER_NOT_RUNNING, PGDRILL_INPUT_FAILED, PGDRILL_INTERRUPTED
   */
  async exec(command: string[], options: ExecOptions = {}): Promise<ExecResult> {
    const running = await openExec(this.docker, this.name, command, options);
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of running.stdout) chunks.push(chunk as Buffer);
    } catch {
      // `finished` says why.
    }
    const { exitCode, stderr } = await running.finished;
    const stdout = Buffer.concat(chunks).toString();
    if (options.check && exitCode !== 0) throw commandFailed(this.name, command, exitCode, stderr, stdout);
    return { exitCode, stdout, stderr };
  }

  /** Runs a command whose output is read as a stream: tar pipes, dumps. `check` makes `finished` reject. */
  async execStream(command: string[], options: ExecOptions = {}): Promise<RunningExec> {
    const running = await openExec(this.docker, this.name, command, options);
    if (!options.check) return running;
    const finished = running.finished.then((result) => {
      if (result.exitCode !== 0) throw commandFailed(this.name, command, result.exitCode, result.stderr);
      return result;
    });
    finished.catch(() => undefined);
    return { stdout: running.stdout, finished };
  }

  /**
   * The port on `engine.host` that leads to a published port. Asked of the engine: after a kill and start it has
   * assigned another one. Kept until this handle starts, stops, kills or reconnects the container.
   * @throws PGDRILL_PORT_UNPUBLISHED
   */
  async hostPort(containerPort: number): Promise<number> {
    const known = this.ports.get(containerPort);
    if (known !== undefined) return known;
    const { NetworkSettings } = await this.inspect();
    const port = Number(NetworkSettings.Ports[`${containerPort}/tcp`]?.[0]?.HostPort);
    if (port > 0) {
      this.ports.set(containerPort, port);
      return port;
    }
    throw new PgdrillError(
      'PGDRILL_PORT_UNPUBLISHED',
      `port ${containerPort} of ${this.name} leads to no port of this machine now`,
      'the container has to run, be connected to its network, and have been made with this port',
    );
  }

  /** The same, asked anew: a container that another process has started again has another one. Undefined where it has none now. */
  async hostPortNow(containerPort: number): Promise<number | undefined> {
    this.ports.delete(containerPort);
    return this.hostPort(containerPort).catch(() => undefined);
  }

  /** Whether a port is, or while it runs will be, published where this machine's loopback reaches it. */
  async publishes(containerPort: number): Promise<boolean> {
    const { HostConfig, NetworkSettings } = await this.inspect();
    const name = `${containerPort}/tcp`;
    const asked = (HostConfig.PortBindings as Record<string, { HostIp?: string }[] | undefined> | null)?.[name];
    const bindings = NetworkSettings.Ports[name] ?? asked ?? [];
    return bindings.some(({ HostIp }) => ['', '0.0.0.0', '::', '127.0.0.1'].includes(HostIp ?? ''));
  }

  /** Puts files into the container, which need not run. Not into a tmpfs of a stopped one: there is none then. */
  async putFiles(files: ContainerFile[]): Promise<void> {
    const archive = packTar(files.map(({ target, ...file }) => ({ ...file, name: target.replace(/^\/+/, '') })));
    await this.ask('files were put into it', () => this.docker.putArchive(archive, { path: '/' }));
  }

  /** A file as text. Works on a stopped container too, volumes included. @throws PGDRILL_FILE_MISSING */
  async readFile(file: string): Promise<string> {
    return (await this.readBytes(file)).toString();
  }

  /** A file's bytes; symbolic links are followed. @throws PGDRILL_FILE_MISSING */
  async readBytes(file: string): Promise<Buffer> {
    let at = file;
    for (let links = 0; links < 10; links += 1) {
      const entry = await this.readEntry(at);
      if (entry?.type === '0') return entry.content;
      if (entry?.type !== '2') break;
      at = path.posix.resolve(path.posix.dirname(at), entry.linkName);
    }
    throw this.missing(file);
  }

  private async readEntry(file: string) {
    try {
      const stream = await this.docker.getArchive({ path: file });
      const chunks: Buffer[] = [];
      for await (const chunk of stream) chunks.push(chunk as Buffer);
      return firstEntry(Buffer.concat(chunks));
    } catch (error) {
      if (statusOf(error) === 404) throw this.missing(file, error);
      throw engineFailure(error, `${file} was read from ${this.name}`);
    }
  }

  private missing(file: string, cause?: unknown): PgdrillError {
    const what = `there is no file ${file} in ${this.name}`;
    return new PgdrillError('PGDRILL_FILE_MISSING', what, 'check the path and the logs of the container', { cause });
  }

  /** What its first process has written so far, stdout and stderr in order. Works until it is removed. */
  async logs(options: { since?: Date; tail?: number } = {}): Promise<string> {
    const text: Buffer[] = [];
    const raw = await this.ask('its log was read', () =>
      this.docker.logs({
        follow: false,
        stdout: true,
        stderr: true,
        ...(options.since ? { since: options.since.getTime() / 1000 } : {}),
        ...(options.tail === undefined ? {} : { tail: options.tail }),
      }),
    );
    for await (const { data } of readFrames(one(raw))) text.push(data);
    return Buffer.concat(text).toString();
  }

  /** Hands every further line of the log to a listener; returns how to stop. Does not keep the process alive. */
  async followLogs(listener: LogListener): Promise<() => void> {
    const since = Math.floor(Date.now() / 1000);
    const stream = await this.ask('its log was followed', () =>
      this.docker.logs({ follow: true, stdout: true, stderr: true, since }),
    );
    return followFrames(stream as Readable, listener);
  }

  /** Starts it again; no error when it runs. */
  async start(): Promise<void> {
    await this.change('it was started', () => this.docker.start(), [304]);
  }

  /** Stops it: its stop signal, and SIGKILL after the grace. No error when it does not run. */
  async stop(graceSeconds?: number): Promise<void> {
    const options = graceSeconds === undefined ? {} : { t: graceSeconds };
    await this.change('it was stopped', () => this.docker.stop(options), [304]);
  }

  /** Sends a signal to its first process. @param signal default SIGKILL; no error when it does not run */
  async kill(signal = 'SIGKILL'): Promise<void> {
    await this.change('it was killed', () => this.docker.kill({ signal }), [409]);
  }

  /** Freezes all its processes (cgroup freezer): connections stay open, nothing answers. */
  async pause(): Promise<void> {
    await this.change('it was paused', () => this.docker.pause(), [], /is already paused/);
  }

  async unpause(): Promise<void> {
    await this.change('it was unpaused', () => this.docker.unpause(), [], /is not paused/);
  }

  /** Takes it off a network, the engine's name resolution and its published ports included. */
  async disconnect(network: string): Promise<void> {
    const doing = () => this.engine.docker.getNetwork(network).disconnect({ Container: this.id, Force: true });
    await this.change(`it was disconnected from ${network}`, doing, [], /is not connected to/);
  }

  /** Puts it (back) on a network. The engine gives it a free address and other published ports: go by names. */
  async connect(network: string, aliases: string[]): Promise<void> {
    const doing = () =>
      this.engine.docker.getNetwork(network).connect({ Container: this.id, EndpointConfig: { Aliases: aliases } });
    await this.change(`it was connected to ${network}`, doing, [], /already exists in network|is already attached/);
  }

  async isRunning(): Promise<boolean> {
    const { State } = await this.inspect();
    return State.Running && !State.Paused;
  }

  /**
   * For whoever waits until something in it is ready: it never will be once the container has ended.
   * @throws PGDRILL_CONTAINER_DIED with the exit code and the last lines of its log
   */
  async requireRunning(): Promise<void> {
    const { State } = await this.inspect();
    if (State.Running) return;
    const said = lastLines(await this.logs({ tail: 30 }).catch(() => ''), 30).trim();
    const why = State.OOMKilled ? ' (killed for want of memory)' : '';
    throw new PgdrillError(
      'PGDRILL_CONTAINER_DIED',
      `the container ${this.name} ended with ${State.ExitCode}${why}${said === '' ? '; it logged nothing' : `; its log ends with:\n${said}`}`,
      'read its log above',
    );
  }

  async inspect(): Promise<Dockerode.ContainerInspectInfo> {
    return this.ask('it was inspected', () => this.docker.inspect());
  }

  /** Removes it, running or not, with its anonymous volumes. No error when it is gone. */
  async remove(): Promise<void> {
    await this.change('it was removed', () => this.docker.remove({ force: true, v: true }), [404, 409]);
  }

  private async change(doing: string, act: () => Promise<unknown>, fine: number[], fineText?: RegExp): Promise<void> {
    this.ports = new Map();
    try {
      await act();
    } catch (error) {
      if (fine.includes(statusOf(error) ?? 0) || fineText?.test(String(error))) return;
      throw engineFailure(error, `${doing} (container ${this.name})`);
    } finally {
      this.ports = new Map();
    }
  }

  private async ask<T>(doing: string, act: () => Promise<T>): Promise<T> {
    try {
      return await act();
    } catch (error) {
      throw engineFailure(error, `${doing} (container ${this.name})`);
    }
  }
}

async function* one(buffer: Buffer): AsyncGenerator<Buffer> {
  yield buffer;
}

/** The containers that carry all of the labels, running or not: how another process finds a cluster again. */
export async function findContainers(engine: Engine, labels: Record<string, string>): Promise<Container[]> {
  const label = Object.entries(labels).map(([key, value]) => (value === '' ? key : `${key}=${value}`));
  try {
    const found = await engine.docker.listContainers({ all: true, filters: { label } });
    return found.map(({ Id, Names, Labels }) => new Container(engine, Id, (Names[0] ?? Id).replace(/^\//, ''), Labels));
  } catch (error) {
    throw engineFailure(error, 'containers were looked for');
  }
}

/** The container of that name, or of an id that begins so; undefined where there is none. */
export async function findContainer(engine: Engine, name: string): Promise<Container | undefined> {
  try {
    const { Id, Name, Config } = await engine.docker.getContainer(name).inspect();
    return new Container(engine, Id, Name.replace(/^\//, ''), Config.Labels ?? {});
  } catch (error) {
    if (statusOf(error) === 404) return undefined;
    throw engineFailure(error, `the container ${name} was looked for`);
  }
}

/** The containers that run, by each of their addresses on the engine's networks. */
export async function containersByAddress(engine: Engine): Promise<Map<string, Container>> {
  try {
    const found = await engine.docker.listContainers();
    return new Map(
      found.flatMap(({ Id, Names, Labels, NetworkSettings }) => {
        const container = new Container(engine, Id, (Names[0] ?? Id).replace(/^\//, ''), Labels);
        return Object.values(NetworkSettings.Networks).map(({ IPAddress }) => [IPAddress, container] as const);
      }),
    );
  } catch (error) {
    throw engineFailure(error, 'containers were looked for');
  }
}
