import type { Container } from '../engine/container';
import { openForward, type BridgeEnd, type Forward } from '../engine/forward';
import type { Run } from '../run/run';

/** An address inside a container. */
export interface Inside {
  host: string;
  port: number;
}

/** How this process gets to a port in a container: always some port of its own loopback. */
export interface Reach {
  /** The port of an address inside a container, or as seen from there. @throws PGDRILL_PORT_UNPUBLISHED */
  portOf(container: Container, inside: Inside): Promise<number>;
  /** A port that leads to the socket of a data directory's postmaster, as its owner; undefined where there is no such way. */
  socketOf(container: Container, dataDir: string, user: string): Promise<number> | undefined;
}

/** Published ports only: clusters of ours publish all that is needed. */
export const publishedPorts: Reach = {
  portOf: (container, { port }) => container.hostPort(port),
  socketOf: () => undefined,
};

/**
 * Published ports where there are any, else a forward through the container. Forwards end with the run.
 * @param run that they end with
 */
export function forwardingReach(run: Run): Reach {
  const forwards = new Map<string, Promise<Forward>>();
  run.teardown.add('forwards into containers', 'undo', async () => {
    const open = [...forwards.values()];
    forwards.clear();
    for (const forward of open) await (await forward).close();
  });
  const through = async (container: Container, to: BridgeEnd, user?: string): Promise<number> => {
    const key = JSON.stringify([container.id, to, user]);
    let forward = forwards.get(key);
    if (!forward) {
      forward = openForward(container, to, user === undefined ? {} : { user });
      forwards.set(key, forward);
    }
    return (await forward).port;
  };
  return {
    async portOf(container, { host, port }) {
      const own = host === '127.0.0.1' && !container.isRemote && (await container.publishes(port));
      return own ? container.hostPort(port) : through(container, { host, port });
    },
    socketOf: (container, dataDir, user) => through(container, { postmasterOf: dataDir }, user),
  };
}
