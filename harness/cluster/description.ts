import { z } from 'zod';

/**
 * What a later process needs in order to work with a running cluster. Lies with its secrets in a volume of the
 * cluster (0600), never in labels, environment or reports.
 */
export const clusterDescriptionSchema = z.object({
  format: z.literal(1),
  run: z.string(),
  /** The cluster's name inside its drill. */
  name: z.string(),
  stack: z.string(),
  postgresMajor: z.number().int(),
  /** Patroni's `scope` and `namespace`: keys in the DCS lie under `<namespace><scope>/`. */
  scope: z.string(),
  namespace: z.string(),
  /** Barman's name of the server. */
  barmanServer: z.string(),
  network: z.string(),
  members: z.array(z.string()),
  etcd: z.array(z.string()),
  secrets: z.object({ superuser: z.string(), replicator: z.string(), rewind: z.string(), barman: z.string() }),
});
export type ClusterDescription = z.infer<typeof clusterDescriptionSchema>;

/** Where the description lies inside Barman's container. */
export const descriptionPath = '/var/lib/pgdrill/cluster.json';

/** The engine's name of a container, network or volume of a run. */
export function resourceName(run: string, cluster: string, thing: string): string {
  return cluster === 'main' ? `pgdrill-${run}-${thing}` : `pgdrill-${run}-${cluster}-${thing}`;
}

/** A member's data directory, the same path in its own container and in Barman's. */
export function dataDirectory(description: Pick<ClusterDescription, 'postgresMajor'>, member: string): string {
  return `/var/lib/postgresql/${description.postgresMajor}/${member}`;
}
