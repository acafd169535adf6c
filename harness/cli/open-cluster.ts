import os from 'node:os';
import { attachCluster } from '../cluster/attach';
import { attachForeign } from '../cluster/foreign/attach-foreign';
import type { Cluster } from '../cluster/cluster';
import type { Engine } from '../engine/connect';
import { PgdrillError } from '../record/errors';
import type { Run } from '../run/run';
import { clustersUp, namedCluster, stateOf } from './clusters';
import { usageError } from './usage';

/** Which cluster a command works on. */
export interface ClusterChoice {
  /** `--cluster`: the run that booted it, the begin of its id, or `latest`. */
  cluster?: string;
  /** `--description`: the file that names the containers of a cluster that pgdrill has not booted (docs/clusters.md). */
  description?: string;
  /** Patroni's scope, from `PATRONI_CLUSTER_NAME`: chooses among several, and is held against the one that is found. */
  scope?: string;
}

/**
 * The cluster that a command works on: the one named; else the only kept one; else the only kept one of the scope.
 * @param run the run that the handles' waits and redaction hang on
 * @throws PGDRILL_UNKNOWN_RUN when there is none, PGDRILL_USAGE when it could be several, PGDRILL_OTHER_SCOPE when the
 *   scope is another one; of a description also PGDRILL_DESCRIPTION_INVALID, PGDRILL_DISCOVERY_FAILED
 */
export async function openCluster(
  engine: Engine,
  run: Run,
  { cluster, description, scope }: ClusterChoice,
): Promise<Cluster> {
  if (description !== undefined && cluster !== undefined) {
    throw usageError('--cluster and --description were given', 'name the cluster by one of them');
  }
  const found =
    description !== undefined
      ? await attachForeign(engine, run, description)
      : cluster === undefined
        ? await onlyKept(engine, run, scope)
        : await attachCluster(engine, run, await namedCluster(engine, cluster));
  if (scope !== undefined && found.description.scope !== scope) {
    const what = description === undefined ? `the cluster of run ${found.description.run}` : `that of ${description}`;
    throw new PgdrillError(
      'PGDRILL_OTHER_SCOPE',
      `PATRONI_CLUSTER_NAME is ${scope}, and ${what} is ${found.description.scope}`,
      `name another cluster with ${description === undefined ? '--cluster' : '--description'}, or set PATRONI_CLUSTER_NAME=${found.description.scope}`,
    );
  }
  return found;
}

async function onlyKept(engine: Engine, run: Run, scope: string | undefined): Promise<Cluster> {
  const kept = (await clustersUp(engine)).filter((one) => stateOf(one, os.hostname()) === 'kept');
  if (kept.length === 0) {
    throw new PgdrillError(
      'PGDRILL_UNKNOWN_RUN',
      'there is no cluster that is up and kept',
      'boot one with `pgdrill up`, or name one with --cluster',
    );
  }
  const clusters = await Promise.all(kept.map((one) => attachCluster(engine, run, one.run)));
  const fitting = clusters.filter((one) => scope === undefined || one.description.scope === scope);
  const [only] = fitting.length > 0 ? fitting : clusters;
  if (only && (fitting.length === 1 || clusters.length === 1)) return only;
  const list = clusters.map(({ description }) => `${description.run} (${description.scope})`).sort();
  throw usageError(
    `${list.length} clusters are kept${scope === undefined || fitting.length > 0 ? '' : `, and none of them is ${scope}`}: ${list.join(', ')}`,
    'name one: --cluster <run>, the begin of its id, or --cluster latest',
  );
}
