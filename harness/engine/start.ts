import { messageOf, PgdrillError } from '../record/errors';
import { throwIfInterrupted } from '../run/until';
import type { Engine } from './connect';
import { Container, type ContainerFile } from './container';
import { creating } from './creations';
import { engineFailure, isConnectionLost, statusOf } from './failures';
import { labelsOf } from './ownership';

export interface ContainerSpec {
  /** Id of the run, for the label `pgdrill.run`. */
  run: string;
  /** The engine's name of it. */
  name: string;
  image: string;
  hostname: string;
  /** The one network that it is on from the start. */
  network: string;
  /** Names by which the others on the network find it. */
  aliases: string[];
  labels?: Record<string, string>;
  /** TCP ports published on 127.0.0.1 only; the engine chooses the port of the machine. */
  ports: number[];
  volumes: { volume: string; target: string; readOnly?: boolean }[];
  /** Path → mount options: `{ '/tmp/full': 'size=16m,mode=1777' }`. */
  tmpfs?: Record<string, string>;
  /** Put in, owned by root, before it starts. */
  files: Pick<ContainerFile, 'target' | 'content' | 'mode'>[];
  command?: string[];
  entrypoint?: string[];
  capAdd?: string[];
  /** Devices of the machine that it may use, where they are mounted: `b 7:* rwm`. */
  deviceRules?: string[];
  /** Not held back by the engine's AppArmor profile, which forbids any mount. */
  mayMount?: boolean;
  /** Size of /dev/shm; the engine's own is 64 MB. */
  shmBytes?: number;
  /** Limit of memory, with no swap beyond it. */
  memoryBytes?: number;
  environment?: Record<string, string>;
  /** Time between the stop signal and SIGKILL when it is stopped. */
  stopTimeoutSeconds?: number;
}

/**
 * Creates a container, puts the files in and starts it, through testcontainers. Readiness is the caller's to await:
 * a wait strategy of testcontainers that fails removes the container, and its log with it.
 * @throws PGDRILL_IMAGE_MISSING, PGDRILL_CONTAINER_DIED with its last log lines, PGDRILL_CONTAINER_START,
 *   PGDRILL_INTERRUPTED (what is then still being created carries the run's labels and is removed by them)
 */
export async function startContainer(engine: Engine, spec: ContainerSpec, signal: AbortSignal): Promise<Container> {
  throwIfInterrupted(signal);
  await requireImage(engine, spec.image);
  // Loaded late: connectEngine has set its environment by now, and commands that start nothing do not wait for it.
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const { DescribedContainer } = require('./testcontainer') as typeof import('./testcontainer');
  const labels = labelsOf(spec.run, spec.labels);
  const over = new AbortController();
  let container: Container | undefined;
  try {
    // testcontainers waits 10 s for the ports of a container that died at once; its death is noticed here instead.
    await new Promise<void>((resolve, reject) => {
      const interrupt = () => reject(signal.reason instanceof Error ? signal.reason : new Error('interrupted'));
      signal.addEventListener('abort', interrupt, { once: true });
      over.signal.addEventListener('abort', () => signal.removeEventListener('abort', interrupt), { once: true });
      const described = new DescribedContainer(spec, labels, (id) => {
        container = new Container(engine, id, spec.name, labels);
        exitOf(container, over.signal).then(
          () => reject(died),
          () => undefined,
        );
      });
      creating(spec.run, described.start()).then(() => resolve(), reject);
    });
    if (!container) throw new Error('it was started without having been created');
    await container.requireRunning();
    return container;
  } catch (error) {
    throwIfInterrupted(signal);
    throw await startFailure(error, spec, container);
  } finally {
    over.abort();
  }
}

const died = new Error('its first process ended at once');

/** Settles when the container ends for the next time. */
async function exitOf(container: Container, signal: AbortSignal): Promise<void> {
  await container.docker.wait({ condition: 'next-exit', abortSignal: signal });
}

/** Otherwise testcontainers looks for one of our images in a public registry, and swallows what that says. */
async function requireImage(engine: Engine, image: string): Promise<void> {
  try {
    await engine.docker.getImage(image).inspect();
  } catch (error) {
    if (statusOf(error) !== 404) throw engineFailure(error, `the image ${image} was looked for`);
    throw new PgdrillError('PGDRILL_IMAGE_MISSING', `the engine has no image ${image}`, 'run `pgdrill images build`', {
      cause: error,
    });
  }
}

async function startFailure(error: unknown, spec: ContainerSpec, container?: Container): Promise<PgdrillError> {
  if (error instanceof PgdrillError) return error;
  if (isConnectionLost(error)) return engineFailure(error, `${spec.name} was started`);
  const what = `the container ${spec.name} could not be started: ${messageOf(error).trim()}`;
  const failure = new PgdrillError('PGDRILL_CONTAINER_START', what, "read the engine's words above", { cause: error });
  if (!container || error !== died) return failure;
  return container.requireRunning().then(
    () => failure,
    (found: unknown) => (found instanceof PgdrillError ? found : failure),
  );
}
