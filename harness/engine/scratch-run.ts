import { newId } from '../run/ids';
import { Random } from '../run/random';
import type { WaitContext } from '../run/until';
import { ensureBaseImage } from './base-image';
import { removeRun } from './cleanup';
import { connectEngine, type Engine } from './connect';
import type { Container } from './container';
import { createNetwork, type Network } from './network';
import { findStack } from './stacks';
import { startContainer, type ContainerSpec } from './start';

/** A run of a test's own on the real engine: one network, containers of the base image. */
export interface ScratchRun {
  readonly engine: Engine;
  readonly id: string;
  readonly network: Network;
  /** For `until`; its signal is never aborted. */
  readonly context: WaitContext;
  /** Starts a container that sleeps, or what the specification says instead. */
  start(name: string, more?: Partial<ContainerSpec>, signal?: AbortSignal): Promise<Container>;
  /** Removes everything of the run. */
  end(): Promise<void>;
}

/** Sleeps, and ends at once when it is asked to: `sleep` as first process would ignore SIGTERM (kill(2), init). */
export const sleeper = ['sh', '-c', 'trap "exit 0" TERM; sleep infinity & wait'];

export async function beginScratchRun(): Promise<ScratchRun> {
  const engine = await connectEngine();
  const { signal } = new AbortController();
  const options = { dockerDir: '', progress: () => undefined, signal, deadlineScale: 1 };
  await ensureBaseImage(engine, findStack('bookworm'), options);
  const id = `scratch-${newId()}-${new Random(process.pid).integer(0, 9999)}`;
  const network = await createNetwork(engine, id, id);
  return {
    engine,
    id,
    network,
    context: { deadlineScale: 1, signal },
    start: (name, more = {}, startSignal = signal) =>
      startContainer(
        engine,
        {
          run: id,
          name: `${id}-${name}`,
          image: findStack('bookworm').baseImage,
          hostname: name,
          network: network.name,
          aliases: [name],
          ports: [],
          volumes: [],
          files: [],
          command: sleeper,
          stopTimeoutSeconds: 1,
          ...more,
        },
        startSignal,
      ),
    end: async () => {
      await removeRun(engine, id);
    },
  };
}
