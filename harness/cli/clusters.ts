import type { Engine } from '../engine/connect';
import { findContainers, type Container } from '../engine/container';
import { findRuns, type RunOnEngine } from '../engine/cleanup';
import { labels } from '../run/ids';
import { PgdrillError } from '../record/errors';
import { nearest } from '../suite/nearest';
import { oneNamed } from './naming';

const noCluster = 'boot one with `pgdrill up`, or keep one with `pgdrill run --keep`';

/** What is known of a run on the engine, for people. */
export type ClusterState = 'kept' | 'running drill' | 'left over' | 'of another host';

/** Runs that have containers on the engine, oldest first. */
export async function clustersUp(engine: Engine): Promise<RunOnEngine[]> {
  const runs = await findRuns(engine);
  return runs
    .filter((run) => run.resources.some(({ kind }) => kind === 'container'))
    .sort((a, b) => (a.run < b.run ? -1 : 1));
}

/** Who has to do with a run's things now. */
export function stateOf(run: RunOnEngine, hostname: string): ClusterState {
  if (run.kept && (run.ownerGone || !ownedBy(run, hostname))) return 'kept';
  if (run.ownerGone) return 'left over';
  return ownedBy(run, hostname) ? 'running drill' : 'of another host';
}

function ownedBy(run: RunOnEngine, hostname: string): boolean {
  return run.resources.every((resource) => resource.labels[labels.owner]?.startsWith(`${hostname}/`));
}

/**
 * The cluster that is up and that a person names.
 * @param name default: `latest`
 * @throws PGDRILL_UNKNOWN_RUN
 */
export async function namedCluster(engine: Engine, name = 'latest'): Promise<string> {
  const ids = (await clustersUp(engine)).map(({ run }) => run);
  return oneNamed(name, ids, 'a cluster that is up', noCluster);
}

/** Containers of a run by the name they have inside the cluster: `db1`, `etcd1`, `barman`. */
export async function containersOf(engine: Engine, run: string): Promise<Map<string, Container>> {
  const found = await findContainers(engine, { [labels.run]: run });
  const named = found.map((container) => [container.labels[labels.member] ?? container.name, container] as const);
  return new Map(named.sort(([a], [b]) => a.localeCompare(b, 'en', { numeric: true })));
}

/** @throws PGDRILL_UNKNOWN_MEMBER with the nearest name */
export function namedMember(containers: ReadonlyMap<string, Container>, name: string): Container {
  const container = containers.get(name);
  if (container) return container;
  const names = [...containers.keys()];
  const near = nearest(name, names);
  throw new PgdrillError(
    'PGDRILL_UNKNOWN_MEMBER',
    `the cluster has no member "${name}"${near ? `; did you mean ${near}?` : ''}`,
    `choose one of ${names.join(', ')}`,
  );
}

/** `enter db2` means member db2 of the latest cluster: a run's id begins with a digit, a member's name never does. */
export function runAndMember(first: string | undefined, second: string | undefined): { run?: string; member?: string } {
  if (first !== undefined && second === undefined && /^[a-z]/.test(first) && first !== 'latest')
    return { member: first };
  return { run: first, member: second };
}
