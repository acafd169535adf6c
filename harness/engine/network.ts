import { PgdrillError } from '../record/errors';
import type { Engine } from './connect';
import { creating } from './creations';
import { engineFailure, statusOf } from './failures';
import { labelsOf } from './ownership';

export interface Network {
  readonly id: string;
  readonly name: string;
}

/**
 * Makes a private bridge network. Through dockerode: networks of testcontainers carry no labels of ours.
 * @throws PGDRILL_NETWORK when the engine has no range of addresses left, or the name is taken
 */
export async function createNetwork(
  engine: Engine,
  run: string,
  name: string,
  labels: Record<string, string> = {},
): Promise<Network> {
  try {
    const asked = engine.docker.createNetwork({
      Name: name,
      Driver: 'bridge',
      // Otherwise the engine makes a second network of the same name, and names are what containers are connected by.
      CheckDuplicate: true,
      IPAM: { Driver: 'default' },
      Labels: labelsOf(run, labels),
    });
    const { id } = await creating(run, asked);
    return { id, name };
  } catch (error) {
    const failure = engineFailure(error, `the network ${name} was made`);
    if (failure.code === 'PGDRILL_ENGINE_DIED') throw failure;
    throw new PgdrillError('PGDRILL_NETWORK', failure.what, cureOf(failure.what), { cause: error });
  }
}

function cureOf(what: string): string {
  if (/address pool/.test(what)) {
    return (
      'the engine has about 30 ranges for networks and all are in use: remove what is not needed (`pgdrill down --all`, ' +
      '`docker network prune`), or give it more with default-address-pools in daemon.json'
    );
  }
  if (/already exists/.test(what)) return 'remove that network, or wait for the run that it belongs to';
  return "read the engine's words above; dockerd's log has more (iptables, bridge module)";
}

/** Removes a network; no error when it is gone. Its containers have to be off it. */
export async function removeNetwork(engine: Engine, { id, name }: Network): Promise<void> {
  try {
    await engine.docker.getNetwork(id).remove();
  } catch (error) {
    if (statusOf(error) !== 404) throw engineFailure(error, `the network ${name} was removed`);
  }
}
