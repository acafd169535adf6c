import type { Cluster } from '../../cluster/cluster';
import type { PatroniNode } from '../../cluster/patroni-node';
import { parseDynamicConfig } from '../../formats/dynamic-config';
import { PgdrillError } from '../../record/errors';

/** The zone that the source cluster reads times in that have none, and how that is known. */
export interface SourceZone {
  name: string;
  /** `the TimeZone of db1` */
  from: string;
}

/**
 * The source cluster's `TimeZone`: what a server says that answers, else what Patroni's configuration in the DCS says,
 * else the settings in a member's data directory.
 * @param server a member that answers, where there is one
 * @throws PGDRILL_ZONE_UNKNOWN when nothing says it
 */
export async function sourceZone(cluster: Cluster, server: PatroniNode | undefined): Promise<SourceZone> {
  if (server) {
    // As the server's files have it: what a role or database sets for its own sessions is not the cluster's.
    const name = await server.value(
      `SELECT coalesce((SELECT setting FROM pg_file_settings WHERE lower(name) = 'timezone' AND applied ORDER BY seqno DESC LIMIT 1),
                       (SELECT boot_val FROM pg_settings WHERE name = 'TimeZone'))`,
    );
    return { name, from: `the TimeZone of ${server.name}` };
  }
  const configured = zoneInConfig(await cluster.etcd.keys().then(({ config }) => config));
  if (configured !== undefined) return { name: configured, from: "the timezone of Patroni's configuration" };
  for (const node of cluster.nodes) {
    const name = await zoneInFiles(node).catch(() => undefined);
    if (name !== undefined) return { name, from: `the timezone in the configuration files of ${node.name}` };
  }
  throw new PgdrillError(
    'PGDRILL_ZONE_UNKNOWN',
    'the target has no zone, no member answers, and no configuration says in which zone the cluster reads times',
    "write the zone with the time: '2026-01-23 12:30:00+07'",
  );
}

/** `postgresql.parameters.timezone` of Patroni's dynamic configuration; names of settings have no case. Pure. */
export function zoneInConfig(config: string | undefined): string | undefined {
  const { postgresql } = parseDynamicConfig(config);
  const found = Object.entries(postgresql?.parameters ?? {}).find(([name]) => /^timezone$/i.test(name));
  return typeof found?.[1] === 'string' ? found[1] : undefined;
}

async function zoneInFiles(node: PatroniNode): Promise<string | undefined> {
  // In the order in which the server reads them: the last one counts.
  const files = ['postgresql.base.conf', 'postgresql.conf', 'postgresql.auto.conf'];
  let found: string | undefined;
  for (const file of files) {
    const text = await node.container.readFile(`${node.dataDir}/${file}`).catch(() => '');
    found = zoneInSettings(text) ?? found;
  }
  return found;
}

/** The last `timezone` of a configuration file. Pure. */
export function zoneInSettings(text: string): string | undefined {
  return [...text.matchAll(/^\s*timezone\s*(?:=\s*|\s+)'?([^'#\n]+?)'?\s*(?:#.*)?$/gim)].at(-1)?.[1];
}
