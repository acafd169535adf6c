import { PostgreSqlContainer } from '@testcontainers/postgresql';
import { Container } from './container';
import type { Engine } from './connect';
import { labelsOf } from './ownership';

export interface SinglePostgresSpec {
  run: string;
  name: string;
  /** The node image of a stack: it has the server's programs, and no entry point of the official image. */
  image: string;
  password: string;
  /** Settings beyond the defaults, by name; the values without quotes. */
  settings?: Record<string, string>;
}

/**
 * The official image's entry point in a few lines, for the node image: a new cluster with data checksums and the
 * password that @testcontainers/postgresql hands over.
 */
const entryPoint = `set -eu
install -d -o postgres -m 0700 /var/lib/postgresql/single
umask 077; printf %s "$POSTGRES_PASSWORD" > /run/password; chown postgres /run/password
su postgres -c "initdb -D /var/lib/postgresql/single -k -N -E UTF8 --locale=C.UTF-8 -A scram-sha-256 --pwfile=/run/password" >/dev/null
rm /run/password
echo 'host all all all scram-sha-256' >> /var/lib/postgresql/single/pg_hba.conf
exec su postgres -c "exec postgres -D /var/lib/postgresql/single -c listen_addresses='*' -c fsync=off $SETTINGS"`;

/** Published on loopback only; readiness is awaited by whoever connects. */
class LoopbackPostgres extends PostgreSqlContainer {
  protected override beforeContainerCreated(): Promise<void> {
    this.hostConfig.PortBindings = { '5432/tcp': [{ HostIp: '127.0.0.1', HostPort: '' }] };
    return Promise.resolve();
  }
}

/**
 * A single PostgreSQL without Patroni: for what needs a server and no cluster.
 * @returns its container; user and database are `postgres`
 */
export async function startSinglePostgres(engine: Engine, spec: SinglePostgresSpec): Promise<Container> {
  const labels = labelsOf(spec.run, {});
  const started = await new LoopbackPostgres(spec.image)
    .withName(spec.name)
    .withLabels(labels)
    .withUsername('postgres')
    .withPassword(spec.password)
    .withDatabase('postgres')
    .withEnvironment({ SETTINGS: settingsOf(spec).join(' ') })
    .withEntrypoint(['bash', '-c', entryPoint])
    .withHealthCheck({ test: ['CMD-SHELL', 'pg_isready -q -h 127.0.0.1'], interval: 250, timeout: 5_000, retries: 240 })
    .withAutoCleanup(false)
    .start();
  return new Container(engine, started.getId(), spec.name, labels);
}

function settingsOf({ settings = {} }: SinglePostgresSpec): string[] {
  return Object.entries(settings).map(([name, value]) => `-c ${name}='${value}'`);
}
