import type { PatroniNode } from '../../cluster/patroni-node';
import { parseControlData } from '../../formats/controldata';
import type { PitrFacts, Tablespace } from '../plan/facts';

/** What the server and its control file say of a cluster that has a leader. */
export type LeaderFacts = Pick<
  PitrFacts,
  | 'now'
  | 'currentLsn'
  | 'timeline'
  | 'history'
  | 'tablespaces'
  | 'subscriptions'
  | 'systemIdentifier'
  | 'segmentSize'
  | 'dataChecksums'
  | 'walLogHints'
>;

/** Asks the leader by SQL and by pg_controldata. Nothing is changed. */
export async function askLeader(leader: PatroniNode): Promise<LeaderFacts> {
  const [[row], control] = await Promise.all([
    leader.query<{ now: string; lsn: string; wal: string; tablespaces: Tablespace[]; subscriptions: string[] }>(
      `SELECT to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US') || '+00' AS now,
              pg_current_wal_insert_lsn()::text AS lsn, pg_walfile_name(pg_current_wal_insert_lsn()) AS wal,
              (SELECT coalesce(json_agg(json_build_object('name', spcname, 'location', pg_tablespace_location(oid))
                                        ORDER BY spcname), '[]')
                 FROM pg_tablespace WHERE spcname NOT IN ('pg_default', 'pg_global')) AS tablespaces,
              ARRAY(SELECT datname || '.' || subname FROM pg_subscription s JOIN pg_database d ON d.oid = s.subdbid
                     WHERE subenabled ORDER BY 1) AS subscriptions`,
    ),
    leader.exec(['env', 'LC_ALL=C', `${leader.binDir}/pg_controldata`, '-D', leader.dataDir]),
  ]);
  const { now, lsn, wal, tablespaces, subscriptions } = row!;
  const timeline = Number.parseInt(wal.slice(0, 8), 16);
  const { systemIdentifier, walSegmentSize, checksumVersion, walLogHints } = parseControlData(control.stdout);
  return {
    now,
    currentLsn: lsn,
    timeline,
    history: await leader.history(timeline),
    tablespaces,
    subscriptions,
    systemIdentifier,
    segmentSize: walSegmentSize,
    dataChecksums: checksumVersion > 0,
    walLogHints,
  };
}
