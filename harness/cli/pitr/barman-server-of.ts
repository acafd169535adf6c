import { nearest } from '../../suite/nearest';
import { BarmanServer } from '../../cluster/barman-server';
import { Cluster } from '../../cluster/cluster';
import { PgdrillError } from '../../record/errors';
import type { Run } from '../../run/run';

/** A cluster whose backups are those of one of Barman's servers. */
export interface ServerChoice {
  cluster: Cluster;
  /** What people have to be told of how the name was understood. */
  note?: string;
}

/**
 * The cluster with the Barman server that was asked for; without one, its own. A member's name stands for the cluster's
 * server where Barman has no server of that name: many set-ups have one server a member, and say `--server db1`.
 * @throws PGDRILL_UNKNOWN_SERVER with the known ones
 */
export async function onServer(run: Run, cluster: Cluster, asked: string | undefined): Promise<ServerChoice> {
  const { barman, description, members, etcd } = cluster;
  if (asked === undefined || asked === barman.server) return { cluster };
  const known = serverNames(await barman.json(['list-servers']));
  if (known.includes(asked)) {
    // The places of a discovered Barman are those of its own server; another one's lie beside them.
    const places = description.barman;
    const other = {
      ...description,
      barmanServer: asked,
      ...(places ? { barman: { ...places, home: places.home.replace(/[^/]+\/?$/, asked) } } : {}),
    };
    return { cluster: new Cluster(run, other, members, etcd, new BarmanServer(run, other, barman.container)) };
  }
  if (members.has(asked)) {
    return {
      cluster,
      note: `${asked} is a member of ${description.scope}; Barman keeps the backups of its cluster as server ${barman.server}`,
    };
  }
  const near = nearest(asked, known);
  throw new PgdrillError(
    'PGDRILL_UNKNOWN_SERVER',
    `Barman has no server "${asked}"${near ? `; did you mean ${near}?` : ''}`,
    `choose one of ${known.join(', ')}, or leave --server out: the cluster's own is ${barman.server}`,
  );
}

/** Names in the output of `barman -f json list-servers`, sorted. Pure. */
export function serverNames(output: unknown): string[] {
  if (typeof output !== 'object' || output === null) return [];
  return Object.keys(output)
    .filter((name) => !name.startsWith('_'))
    .sort();
}
