import path from 'node:path';
import { parse } from 'yaml';
import { messageOf } from '../../record/errors';
import type { DcsPlaces, MemberPlaces } from '../description';
import { discoveryFailed } from './discovery-failed';

/** A role that Patroni connects with. */
interface Role {
  username: string;
  password: string;
}

/** What Patroni's configuration of one member says, as far as it matters here. */
export interface PatroniSettings {
  name: string;
  scope: string;
  namespace: string;
  dataDir: string;
  /** Absent: Patroni takes what is on its PATH. */
  binDir?: string;
  postgres: MemberPlaces['postgres'];
  rest: MemberPlaces['rest'];
  superuser: Role;
  replication: Role;
  rewind: Role;
  dcs: DcsPlaces & { password?: string };
}

type Section = Record<string, unknown>;

/** Where the configuration was read, for errors. */
interface Where {
  container: string;
  file: string;
}

const otherDcs = ['consul', 'zookeeper', 'exhibitor', 'kubernetes', 'raft'];

/**
 * Reads Patroni's configuration as Patroni does: the file, and over it its environment (Patroni's documentation,
 * "Environment Configuration Settings"). With `PATRONI_CONFIGURATION` that text stands for the file.
 * @param text of the configuration file; empty where Patroni is given none
 * @param given hosts of etcd that stand for the configured ones
 * @throws PGDRILL_DISCOVERY_FAILED
 */
export function readPatroniSettings(
  where: Where,
  text: string,
  environment: Readonly<Record<string, string>>,
  given?: readonly string[],
): PatroniSettings {
  const file = sectionsOf(where, environment.PATRONI_CONFIGURATION ?? text);
  const env = (name: string) => environment[`PATRONI_${name}`];
  const wanted = (value: string | undefined, key: string): string => {
    if (value !== undefined && value !== '') return value;
    throw discoveryFailed(where.container, `Patroni's configuration ${where.file} has no "${key}"`, `set ${key} there`);
  };
  if (file.citus !== undefined || env('CITUS_DATABASE') !== undefined) {
    throw discoveryFailed(where.container, `${where.file} is of a Citus cluster`, 'recover a cluster without Citus');
  }
  const postgresql = section(file.postgresql);
  const rest = section(file.restapi);
  const roles = section(postgresql.authentication);
  const role = (name: string, fallback: string): Role => {
    const own = section(roles[name]);
    const of = name.toUpperCase();
    return {
      username: env(`${of}_USERNAME`) ?? textOf(own.username) ?? fallback,
      password: env(`${of}_PASSWORD`) ?? textOf(own.password) ?? '',
    };
  };
  const superuser = role('superuser', 'postgres');
  const replication = role('replication', 'replicator');
  const listen = env('POSTGRESQL_LISTEN') ?? textOf(postgresql.listen) ?? '127.0.0.1:5432';
  const restListen = env('RESTAPI_LISTEN') ?? textOf(rest.listen) ?? '127.0.0.1:8008';
  const binDir = env('POSTGRESQL_BIN_DIR') ?? textOf(postgresql.bin_dir);
  const certificate = env('RESTAPI_CERTFILE') ?? textOf(rest.certfile);
  return {
    name: wanted(env('NAME') ?? textOf(file.name), 'name'),
    scope: wanted(env('SCOPE') ?? textOf(file.scope), 'scope'),
    namespace: `/${(env('NAMESPACE') ?? textOf(file.namespace) ?? 'service').replaceAll(/^\/+|\/+$/g, '')}/`.replace(
      '//',
      '/',
    ),
    dataDir: path.posix.normalize(
      wanted(env('POSTGRESQL_DATA_DIR') ?? textOf(postgresql.data_dir), 'postgresql.data_dir'),
    ),
    ...(binDir ? { binDir } : {}),
    postgres: insideOf(listen, 5432),
    rest: { ...insideOf(restListen, 8008), tls: certificate !== undefined && certificate !== '' },
    superuser,
    replication,
    rewind: roles.rewind === undefined && env('REWIND_USERNAME') === undefined ? superuser : role('rewind', 'rewind'),
    dcs: dcsOf(where, file, environment, given),
  };
}

function sectionsOf({ container, file }: Where, text: string): Section {
  try {
    return section(parse(text, { logLevel: 'error' }));
  } catch (cause) {
    throw discoveryFailed(
      container,
      `Patroni's configuration ${file} is no YAML: ${messageOf(cause).split('\n')[0]}`,
      'mend it, or name the right file in the description as patroni: { config: … }',
      cause,
    );
  }
}

function section(value: unknown): Section {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Section) : {};
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
}

/** The address to connect to, from inside, where a server listens on `0.0.0.0:5432`, `*:5432`, `a,b:5432` or `:5432`. */
function insideOf(listen: string, standardPort: number): { host: string; port: number } {
  const [, hosts = '', port] = /^(.*?)(?::(\d+))?$/.exec(listen.trim()) ?? [];
  const names = hosts.split(',').map((name) => name.trim().replaceAll(/^\[|\]$/g, ''));
  const everywhere = names.some((name) => ['', '*', '0.0.0.0', '::', 'localhost', '127.0.0.1'].includes(name));
  return { host: everywhere ? '127.0.0.1' : names[0]!, port: Number(port ?? standardPort) };
}

function dcsOf(
  { container, file }: Where,
  sections: Section,
  environment: Readonly<Record<string, string>>,
  given: readonly string[] | undefined,
): PatroniSettings['dcs'] {
  const variables = Object.keys(environment);
  const etcd3 = section(sections.etcd3);
  if (sections.etcd3 === undefined && !variables.some((name) => name.startsWith('PATRONI_ETCD3_'))) {
    const old = sections.etcd !== undefined || variables.some((name) => name.startsWith('PATRONI_ETCD_'));
    const other = otherDcs.find(
      (name) =>
        sections[name] !== undefined || variables.some((one) => one.startsWith(`PATRONI_${name.toUpperCase()}_`)),
    );
    throw discoveryFailed(
      container,
      old
        ? `Patroni keeps its keys by etcd's version 2 interface ("etcd" in ${file})`
        : `Patroni's configuration ${file} names no etcd${other ? `, but ${other}` : ''}`,
      'pgdrill works with Patroni on etcd by its version 3 interface ("etcd3")',
    );
  }
  const value = (name: string) => environment[`PATRONI_ETCD3_${name.toUpperCase()}`] ?? textOf(etcd3[name]);
  const listed = environment.PATRONI_ETCD3_HOSTS ?? etcd3.hosts;
  const texts =
    given ??
    (Array.isArray(listed) ? listed.map(String) : (textOf(listed) ?? value('host') ?? value('url') ?? '').split(','));
  const hosts = texts
    .map((text) =>
      text
        .trim()
        .replaceAll(/^\[?'|'\]?$/g, '')
        .trim(),
    )
    .filter((text) => text !== '')
    .map(etcdHost);
  if (hosts.length === 0) {
    throw discoveryFailed(
      container,
      `Patroni's configuration ${file} does not say where etcd is${value('srv') ? ` but by DNS (srv: ${value('srv')})` : ''}`,
      'give it in the description: etcd: { hosts: [host:2379, …] }',
    );
  }
  const username = value('username');
  const password = value('password');
  const protocol = value('protocol') ?? (texts.some((text) => text.trim().startsWith('https:')) ? 'https' : 'http');
  const [ca, cert, key] = [value('cacert'), value('cert'), value('key')];
  return {
    hosts,
    ...(protocol === 'https'
      ? { tls: { ...(ca ? { ca } : {}), ...(cert ? { cert } : {}), ...(key ? { key } : {}) } }
      : {}),
    ...(username ? { username } : {}),
    ...(password ? { password } : {}),
  };
}

/** `host:port`, with or without a scheme and path; 2379 where no port is said. */
function etcdHost(text: string): { host: string; port: number } {
  const [, host = '', port] = /^(?:https?:\/\/)?(\[[^\]]+\]|[^:/]+)(?::(\d+))?/.exec(text) ?? [];
  return { host: host.replaceAll(/^\[|\]$/g, ''), port: Number(port ?? 2379) };
}
