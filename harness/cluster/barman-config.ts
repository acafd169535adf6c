import type { ClusterDescription } from './description';

/** Where Barman writes its own log, by its configuration as Debian delivers it. */
export const barmanLogFile = '/var/log/barman/barman.log';

/**
 * The text of `/etc/barman.d/<server>.conf`. The connection names every member and asks for the one that takes writes
 * (libpq, `target_session_attrs`), so Barman follows the leader. Both archiving ways: streaming brings each commit
 * within milliseconds; archive_command brings every history file, which streaming alone does not (a hole between two
 * timelines makes a later `latest` replay the accident).
 */
export function renderBarmanConfig(cluster: ClusterDescription): string {
  const connection = [
    `host=${cluster.members.join(',')}`,
    'port=5432 user=barman dbname=postgres passfile=/etc/pgdrill/pgpass',
    'target_session_attrs=read-write connect_timeout=5',
  ].join(' ');
  return `[${cluster.barmanServer}]
description = "Patroni cluster ${cluster.scope}"
conninfo = ${connection}
streaming_conninfo = ${connection}
backup_method = postgres
immediate_checkpoint = true
archiver = on
streaming_archiver = on
slot_name = barman
create_slot = auto
`;
}
