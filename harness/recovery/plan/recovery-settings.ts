import type { RecoveryTarget, WalMethod } from '../../record/recovery';

/**
 * The recovery settings of a target, by name (PostgreSQL documentation, 20.5.6 "Recovery Target").
 * @param action what the server does at the target: `pause` keeps it readable there until it is told to go on
 */
export function targetSettings(
  target: RecoveryTarget,
  timeline: number,
  action: 'promote' | 'pause' = 'promote',
): Record<string, string> {
  const common = { recovery_target_timeline: String(timeline), recovery_target_action: action };
  switch (target.kind) {
    case 'time':
      return { ...common, recovery_target_time: target.time, recovery_target_inclusive: onOff(target.inclusive) };
    case 'lsn':
      return { ...common, recovery_target_lsn: target.lsn, recovery_target_inclusive: onOff(target.inclusive) };
    case 'xid':
      return { ...common, recovery_target_xid: target.xid, recovery_target_inclusive: onOff(target.inclusive) };
    case 'name':
      return { ...common, recovery_target_name: target.name };
    case 'immediate':
      return { ...common, recovery_target: 'immediate' };
    case 'latest':
      return common;
  }
}

const onOff = (value: boolean) => (value ? 'on' : 'off');

/**
 * The restore_command of the isolated server. What Barman copied beside the data comes first (it costs nothing), Barman
 * itself after it: `barman recover` chooses segments by the time of the archived file, not of the commits in it, and may
 * stop one short.
 *
 * PostgreSQL takes an exit code up to 125 for "no such file", the end of the archive, and ends recovery at a higher one
 * (documentation, 26.3.4). A Barman that cannot be reached is no end of the archive: `latest` would lose what follows in
 * silence. ssh ends with 255 then; barman-wal-restore makes 2 of it (barman/clients/walrestore.py).
 * @param source.server Barman's name of the server
 * @param source.partial whether the segment that receive-wal is at serves too: no better one will ever come
 * @param source.host where Barman answers by ssh; null: nowhere, and all that is needed lies beside the data
 * @param source.keptWal pg_wal of the data directory that is kept, where it has segments that the archive lacks
 */
export function restoreCommand(
  method: WalMethod,
  source: { server: string; partial: boolean; host?: string | null; user?: string; keptWal?: string },
): string {
  const { server, partial, host = 'barman', user = 'barman', keptWal } = source;
  const option = partial ? ' -P' : '';
  const remote =
    method === 'barman-wal-restore'
      ? `barman-wal-restore${option} -U ${user} ${host} ${server} %f %p || { [ $? -eq 1 ] && exit 1; exit 255; }`
      : // Under another name until it is whole.
        `{ ssh ${user}@${host} "barman get-wal${option} ${server} %f" > %p.part && mv %p.part %p; } || { code=$?; rm -f %p.part; exit $code; }`;
  const beside = ['cp barman_wal/%f %p 2>/dev/null', ...(keptWal ? [`cp ${keptWal}/%f %p 2>/dev/null`] : [])];
  return [...beside, ...(host === null ? [] : [remote])].join(' || ');
}

/** Lets the superuser in and nobody else, while nobody has been told yet that this is the cluster's leader. */
export const isolatedHba = [
  'local all all trust',
  'host all postgres 127.0.0.1/32 trust',
  'host all postgres samenet scram-sha-256',
];

/** Where the rules above lie while the node is isolated. */
export const isolatedHbaFile = '/run/postgresql/isolated_hba.conf';

/** What the isolated server is started with, beyond its own configuration. */
export function isolatedOptions(dataDir: string): string[] {
  return [
    // Empty, not `false`: what is finished waits for the cluster's own archive_command, and a stop does not retry for 3 s.
    "-c archive_command=''",
    // No subscription starts to consume its publisher's slot.
    '-c max_logical_replication_workers=0',
    // Without it, a server that shall pause at its target shuts down there.
    '-c hot_standby=on',
    `-c hba_file=${isolatedHbaFile}`,
    // The backup's postgresql.conf names the file of the member it was taken from.
    `-c ident_file=${dataDir}/pg_ident.conf`,
  ];
}

/** Names of settings that tell a server to recover, or that Barman puts there to keep it from archiving: an ERE. */
export const recoverySettingNames =
  'recovery_(target|end_command$|min_apply_delay$)|restore_command$|archive_cleanup_command$|archive_command$|archive_mode$|primary_(conninfo|slot_name)$';
