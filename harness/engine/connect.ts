import type Dockerode from 'dockerode';
import { environmentOf, findEndpoint } from '../../bin/machine/endpoint.cjs';
import { PgdrillError } from '../record/errors';
import { engineFailure } from './failures';

/** What `findEndpoint` gives when an engine answered. */
export type EngineEndpoint = Exclude<Awaited<ReturnType<typeof findEndpoint>>, { failure: string }>;

/** A container engine that answered. */
export interface Engine {
  readonly docker: Dockerode;
  /** Where it is spoken to; plain data, fit for another process. */
  readonly endpoint: EngineEndpoint;
  /** The address at which ports published by it are reached: always loopback. */
  readonly host: string;
  /** The engine's own id: two endpoints with one id are one engine. */
  readonly id: string;
  readonly serverVersion: string;
  readonly storageDriver: string;
  readonly architecture: string;
  /** Memory of the machine that it runs on. */
  readonly memoryBytes: number;
  /** Its data root, as a path on the machine that it runs on. */
  readonly dataRoot: string;
  /** It runs on another machine: what it publishes on loopback is not reached from here. */
  readonly remote: boolean;
}

/**
 * Connects to the engine that the docker command would speak to, and makes testcontainers use the same one.
 * testcontainers reads its environment when it is loaded and would otherwise look for an engine of its own (a dead
 * DOCKER_HOST makes it fall back silently) and start a reaper from an image that has to be pulled; pgdrill cleans up
 * by its own labels (cleanup.ts, watchdog.ts).
 * @param options.remote take one on another machine too: for clusters that pgdrill does not boot
 * @throws PGDRILL_ENGINE_DEAD_HOST, PGDRILL_ENGINE_PERMISSION, PGDRILL_ENGINE_NONE, PGDRILL_ENGINE_REMOTE
 */
export async function connectEngine(options: { remote?: boolean } = {}): Promise<Engine> {
  const endpoint = await findEndpoint(process.env);
  if ('failure' in endpoint) throw new PgdrillError(endpoint.failure, endpoint.what, endpoint.cure);
  if (!options.remote) requireLocal(endpoint);
  Object.assign(process.env, environmentOf(endpoint));
  process.env.TESTCONTAINERS_RYUK_DISABLED = 'true';
  // Inside a container testcontainers would start one from a public image to learn its gateway.
  process.env.TESTCONTAINERS_HOST_OVERRIDE ??= '127.0.0.1';
  // Loaded late: it takes half a second, and commands that need no engine do not wait for it.
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const DockerodeClient = require('dockerode') as typeof Dockerode;
  const docker = new DockerodeClient(dockerodeOptions(endpoint));
  try {
    const info = (await docker.info()) as Record<string, unknown>;
    return {
      docker,
      endpoint,
      host: '127.0.0.1',
      id: String(info.ID),
      serverVersion: String(info.ServerVersion),
      storageDriver: String(info.Driver),
      architecture: String(info.Architecture),
      memoryBytes: Number(info.MemTotal),
      dataRoot: String(info.DockerRootDir),
      remote: !isLocal(endpoint),
    };
  } catch (error) {
    throw engineFailure(error, 'it was asked for its description');
  }
}

function dockerodeOptions({ socketPath, protocol, hostname, port, tls }: EngineEndpoint): Dockerode.DockerOptions {
  return socketPath ? { socketPath } : { host: hostname, port, protocol, ca: tls?.ca, cert: tls?.cert, key: tls?.key };
}

/** Ports are published on loopback only, so an engine on another machine could build a cluster that nobody reaches. */
function requireLocal(endpoint: EngineEndpoint): void {
  if (isLocal(endpoint)) return;
  throw new PgdrillError(
    'PGDRILL_ENGINE_REMOTE',
    `the engine at ${endpoint.host} is on another machine, and pgdrill publishes ports on loopback only`,
    'run pgdrill on that machine, or choose an engine of this one',
  );
}

function isLocal(endpoint: EngineEndpoint): boolean {
  return Boolean(endpoint.socketPath) || /^(localhost|127\..*|::1)$/.test(endpoint.hostname ?? '');
}
