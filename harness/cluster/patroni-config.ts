import { dataDirectory, walMount, type ClusterDescription } from './description';
import { scramVerifier } from './scram-verifier';

/**
 * The text of `/etc/patroni/patroni.yml` of one member.
 *
 * ttl 20, loop_wait 1 and retry_timeout 3 are the least that Patroni 4.1 still accepts (its documentation, "Dynamic
 * configuration settings"). wal_retrieve_retry_interval is short because a replica that starts before its slot exists
 * else waits 5 s. archive_command is the one of Barman's documentation that costs least (rsync into the server's incoming
 * folder: 0.05 s a segment; `barman-wal-archive` starts Python twice: 0.45 s). The permanent slot keeps the WAL that Barman has not received: without it, Patroni drops a slot that
 * is not its own whenever receive-wal is away.
 */
export function renderPatroniConfig(cluster: ClusterDescription, member: string): string {
  const major = cluster.postgresMajor;
  const { superuser, replicator, rewind } = cluster.secrets;
  const { walBytes, ownFileSystem } = cluster.disks ?? {};
  const waldir = walBytes === undefined ? [] : [`waldir: ${walMount}/pg_wal`];
  // What was never synced would be gone after a loss of power, and no WAL would bring it back.
  const noSync = ownFileSystem ? [] : ['no-sync'];
  return `scope: ${cluster.scope}
namespace: ${cluster.namespace}
name: ${member}
restapi: { listen: '0.0.0.0:8008', connect_address: '${member}:8008' }
etcd3: { hosts: [${cluster.etcd.map((name) => `${name}:2379`).join(', ')}] }
bootstrap:
  dcs:
    ttl: 20
    loop_wait: 1
    retry_timeout: 3
    maximum_lag_on_failover: 1048576
    slots: { barman: { type: physical } }
    postgresql:
      use_pg_rewind: true
      use_slots: true
      parameters:
        wal_level: replica
        hot_standby: 'on'
        wal_log_hints: 'on'
        track_commit_timestamp: 'on'
        max_wal_senders: 16
        max_replication_slots: 16
${walSizes(walBytes)}
        wal_retrieve_retry_interval: 250ms
        archive_mode: 'on'
        archive_timeout: 60s
        archive_command: 'rsync -a %p barman:/var/lib/barman/${cluster.barmanServer}/incoming/%f'
        timezone: UTC
        log_timezone: UTC
        log_line_prefix: '%m [%p] %q%u@%d %a '
        logging_collector: 'on'
        log_directory: /var/log/postgresql
        log_filename: postgresql.log
        log_file_mode: '0640'
        log_rotation_age: 0
        log_rotation_size: 0
  initdb: [${['encoding: UTF8', 'locale: C.UTF-8', 'data-checksums', ...noSync, ...waldir].join(', ')}]
  post_bootstrap: /usr/lib/postgresql/${major}/bin/psql -X -q -v ON_ERROR_STOP=1 -f /etc/pgdrill/bootstrap.sql
postgresql:
  listen: 0.0.0.0:5432
  connect_address: ${member}:5432
  data_dir: ${dataDirectory(cluster, member)}
  bin_dir: /usr/lib/postgresql/${major}/bin
  pgpass: /run/postgresql/patroni.pgpass
  use_unix_socket: true
  parameters: { unix_socket_directories: /run/postgresql }
  authentication:
    superuser: { username: postgres, password: ${superuser} }
    replication: { username: replicator, password: ${replicator} }
    rewind: { username: rewind, password: ${rewind} }
  pg_hba:
    - local all all trust
    - local replication all trust
    - host all all 127.0.0.1/32 trust
    - host all all ::1/128 trust
    - host all all samenet scram-sha-256
    - host replication all samenet scram-sha-256
  basebackup: [${['checkpoint: fast', ...noSync, ...waldir].join(', ')}]
`;
}

/** So much WAL is kept that a file system of a size has room for it while nothing holds it back. */
function walSizes(walBytes: number | undefined): string {
  const sizes: [string, string][] =
    walBytes === undefined
      ? [['wal_keep_size', '256MB']]
      : [
          ['wal_keep_size', `${Math.floor(walBytes / 8 / MEBIBYTE)}MB`],
          ['min_wal_size', '32MB'],
          ['max_wal_size', `${Math.floor(walBytes / 3 / MEBIBYTE)}MB`],
        ];
  return sizes.map(([name, size]) => `        ${name}: ${size}`).join('\n');
}

const MEBIBYTE = 1024 * 1024;

/**
 * SQL that Patroni runs once on the new leader: Barman's role, with the least it needs (Barman's documentation,
 * "PostgreSQL connection").
 */
export function renderBootstrapSql(cluster: ClusterDescription): string {
  return `CREATE ROLE barman LOGIN REPLICATION PASSWORD '${scramVerifier(cluster.secrets.barman)}';
GRANT EXECUTE ON FUNCTION pg_backup_start(text, boolean), pg_backup_stop(boolean), pg_switch_wal(), pg_create_restore_point(text) TO barman;
GRANT pg_read_all_settings, pg_read_all_stats, pg_checkpoint TO barman;
`;
}
