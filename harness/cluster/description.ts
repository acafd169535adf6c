import { z } from 'zod';

/** Where a member has what members of ours have in fixed places, and how its Patroni is started and stopped. */
export const memberPlacesSchema = z.object({
  /** The engine's name of its container. */
  container: z.string(),
  /** Patroni's configuration file. */
  configFile: z.string(),
  dataDir: z.string(),
  binDir: z.string(),
  /** Who owns the data directory and runs PostgreSQL. */
  osUser: z.string(),
  /** The role that Patroni connects with. */
  superuser: z.string(),
  /** Address at which PostgreSQL listens, as seen from inside the container. */
  postgres: z.object({ host: z.string(), port: z.number().int() }),
  /** Address of Patroni's REST API, as seen from inside the container. */
  rest: z.object({ host: z.string(), port: z.number().int(), tls: z.boolean() }),
  /** Commands that start Patroni and stop it, with the container staying up. */
  start: z.array(z.string()).min(1),
  stop: z.array(z.string()).min(1),
});
export type MemberPlaces = z.infer<typeof memberPlacesSchema>;

/** Where Barman has what a Barman of ours has in fixed places. */
export const barmanPlacesSchema = z.object({
  container: z.string(),
  /** The server's own folder: `backup_directory`. */
  home: z.string(),
  /** The user that Barman runs as. */
  user: z.string(),
  /** The name by which members reach it by ssh; null where they do not. */
  host: z.string().nullable(),
  /** Commands that begin and end the streaming of WAL; null where it only takes what archive_command brings. */
  receiving: z.object({ start: z.array(z.string()).min(1), stop: z.array(z.string()).min(1) }).nullable(),
  /** Where pg_waldump and its like lie; absent where they are on the PATH. */
  binDir: z.string().optional(),
  /** Data directories of members as Barman's container sees them; absent where they are not mounted there. */
  mounted: z.record(z.string(), z.string()),
});
export type BarmanPlaces = z.infer<typeof barmanPlacesSchema>;

/** How the DCS is reached, from inside a member's container. */
export const dcsPlacesSchema = z.object({
  hosts: z.array(z.object({ host: z.string(), port: z.number().int() })).min(1),
  tls: z.object({ ca: z.string().optional(), cert: z.string().optional(), key: z.string().optional() }).optional(),
  username: z.string().optional(),
});
export type DcsPlaces = z.infer<typeof dcsPlacesSchema>;

/** Least size of a pg_wal of its own: room for some segments while a dataset is loaded. */
export const leastWalBytes = 256 * 1024 ** 2;

/** File systems of members that are not the engine's own; what a drill asks for. */
export const memberDisksSchema = z.object({
  /** pg_wal of each member lies on a file system of so many bytes, in memory: gone when its container ends. */
  walBytes: z.number().int().optional(),
  /** Data and WAL of each member lie on an ext4 of its own, on a loop device of the engine's machine. */
  ownFileSystem: z.boolean().optional(),
});
export type MemberDisks = z.infer<typeof memberDisksSchema>;

/**
 * What a later process needs in order to work with a running cluster. That of a cluster of ours lies with its secrets in
 * a volume of the cluster (0600), never in labels, environment or reports; that of a foreign one is discovered anew by
 * each process (docs/clusters.md).
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
  /** Whether pgdrill booted it. Absent: it did. */
  origin: z.enum(['pgdrill', 'foreign']).optional(),
  /** What the engine's names of its containers begin with. Absent: `pgdrill-<run>-`. */
  namePrefix: z.string().optional(),
  /** Of a cluster whose members do not lie on the engine's own file system. */
  disks: memberDisksSchema.optional(),
  /** Of a foreign cluster, by member. */
  places: z.record(z.string(), memberPlacesSchema).optional(),
  barman: barmanPlacesSchema.optional(),
  dcs: dcsPlacesSchema.optional(),
});
export type ClusterDescription = z.infer<typeof clusterDescriptionSchema>;

/** Where the description lies inside Barman's container. */
export const descriptionPath = '/var/lib/pgdrill/cluster.json';

/** The engine's name of a network or volume of a run. */
export function resourceName(run: string, cluster: string, thing: string): string {
  return cluster === 'main' ? `pgdrill-${run}-${thing}` : `pgdrill-${run}-${cluster}-${thing}`;
}

/** The engine's name of a container of a cluster that pgdrill boots. */
export function containerName(
  { run, name, namePrefix }: Pick<ClusterDescription, 'run' | 'name' | 'namePrefix'>,
  thing: string,
): string {
  return namePrefix === undefined ? resourceName(run, name, thing) : `${namePrefix}${thing}`;
}

/** A member's data directory, the same path in its own container and in Barman's. */
export function dataDirectory(description: Pick<ClusterDescription, 'postgresMajor'>, member: string): string {
  return `/var/lib/postgresql/${description.postgresMajor}/${member}`;
}

/** Where the file system of a member's pg_wal is mounted, where it has one of its own; pg_wal is a folder in it. */
export const walMount = '/var/lib/postgresql-wal';

/** Where a member has its things: as discovered, or as docker/README.md says of the images of ours. */
export function placesOf(description: ClusterDescription, member: string): MemberPlaces {
  return (
    description.places?.[member] ?? {
      container: containerName(description, member),
      configFile: '/etc/patroni/patroni.yml',
      dataDir: dataDirectory(description, member),
      binDir: `/usr/lib/postgresql/${description.postgresMajor}/bin`,
      osUser: 'postgres',
      superuser: 'postgres',
      postgres: { host: '127.0.0.1', port: 5432 },
      rest: { host: '127.0.0.1', port: 8008, tls: false },
      start: ['supervisorctl', 'start', 'patroni'],
      stop: ['supervisorctl', 'stop', 'patroni'],
    }
  );
}

/** Where Barman has its things: as discovered, or as docker/README.md says of the image of ours. */
export function barmanPlacesOf(description: ClusterDescription): BarmanPlaces {
  return (
    description.barman ?? {
      container: containerName(description, 'barman'),
      home: `/var/lib/barman/${description.barmanServer}`,
      user: 'barman',
      host: 'barman',
      receiving: {
        start: ['supervisorctl', 'start', 'receive-wal'],
        stop: ['supervisorctl', 'stop', 'receive-wal'],
      },
      mounted: Object.fromEntries(
        description.members.map((member) => [member, `/nodes/${member}/${description.postgresMajor}/${member}`]),
      ),
    }
  );
}
