import { findContainers } from '../engine/container';
import type { Engine } from '../engine/connect';
import { PgdrillError } from '../record/errors';
import { labels } from '../run/ids';
import type { Run } from '../run/run';
import { assemble } from './boot';
import type { Cluster } from './cluster';
import { clusterDescriptionSchema, descriptionPath } from './description';

/**
 * Finds a running cluster again, from any later process: containers by label, description and secrets from the
 * cluster's own volume.
 * @param context the run (of the attaching process) that its waits and redaction hang on
 * @param runId the run that booted the cluster
 * @throws PGDRILL_CLUSTER_NOT_FOUND, PGDRILL_CLUSTER_UNREADABLE
 */
export async function attachCluster(engine: Engine, context: Run, runId: string, name = 'main'): Promise<Cluster> {
  const containers = await findContainers(engine, { [labels.run]: runId, [labels.cluster]: name });
  const byMember = new Map(
    containers.map((container) => [container.labels[labels.member] ?? container.name, container]),
  );
  const barman = byMember.get('barman');
  if (!barman) {
    throw new PgdrillError(
      'PGDRILL_CLUSTER_NOT_FOUND',
      `run ${runId} has no cluster "${name}" on this engine`,
      'pgdrill doctor lists the clusters that are up',
    );
  }
  try {
    const description = clusterDescriptionSchema.parse(JSON.parse(await barman.readFile(descriptionPath)));
    for (const [role, password] of Object.entries(description.secrets))
      context.secrets.remember(`${role} password`, password);
    return assemble(context, description, byMember);
  } catch (cause) {
    throw new PgdrillError(
      'PGDRILL_CLUSTER_UNREADABLE',
      `the description of run ${runId} in its volume cannot be read`,
      `remove the cluster: pgdrill down ${runId}`,
      { cause },
    );
  }
}
