import type { BackupRef } from '../../record/backup-ref';
import { PgdrillError } from '../../record/errors';
import type { MemberFacts, PitrFacts } from './facts';
import type { Risks } from './risks';
import { leaderOf } from './timelines';

/**
 * Refuses what a cluster's state forbids, whatever the target.
 * @throws PGDRILL_STANDBY_CLUSTER, PGDRILL_PAUSED, PGDRILL_TABLESPACES, PGDRILL_DATA_DIR_REMOVED
 */
export function refuseCluster(facts: PitrFacts, risks: Risks): void {
  const { scope, members } = facts;
  if (facts.standbyCluster) {
    throw new PgdrillError(
      'PGDRILL_STANDBY_CLUSTER',
      `${scope} is a standby cluster: its leader follows another cluster`,
      'recover the primary cluster',
    );
  }
  if (facts.paused) {
    risks.refuse(
      new PgdrillError(
        'PGDRILL_PAUSED',
        `Patroni of ${scope} is paused: a stop of Patroni would leave PostgreSQL running and taking writes`,
        `resume it first: docker exec ${(leaderOf(facts) ?? members[0])?.name ?? 'db1'} patronictl -c /etc/patroni/patroni.yml resume`,
      ),
    );
  }
  const removing = members.filter(({ removes = [] }) => removes.length > 0);
  if (removing.length > 0) {
    risks.refuse(
      new PgdrillError(
        'PGDRILL_DATA_DIR_REMOVED',
        `Patroni may remove data directories by itself: ${removing.map(({ name, removes = [] }) => `${removes.join(' and ')} on ${name}`).join(', ')}`,
        'switch it off for the recovery, in the configuration of Patroni on these members or in its dynamic configuration, and reload',
      ),
    );
  }
}

/** The fence is proven by a refused write on every member, and each is rejoined: both need its container. */
export function refuseStopped(others: readonly MemberFacts[]): void {
  const stopped = others.filter((member) => !member.running).map((member) => member.name);
  if (stopped.length === 0) return;
  throw new PgdrillError(
    'PGDRILL_MEMBER_STOPPED',
    `the container of ${stopped.join(' and ')} does not run: it can be neither fenced nor copied`,
    `start it: docker start ${stopped.join(' ')}`,
  );
}

/**
 * The old data directory is kept beside the new one until the end: it has to be movable, and the backup has to fit into
 * what is free.
 */
export function refuseRoom(node: MemberFacts, others: readonly MemberFacts[], backup: BackupRef, risks: Risks): void {
  if (node.dataDirIsMount) {
    const movable = others.filter((member) => !member.dataDirIsMount).map((member) => member.name);
    throw new PgdrillError(
      'PGDRILL_DATA_DIR_MOUNT',
      `${node.dataDir} of ${node.name} is a mount point: it cannot be moved aside, and the way back with it`,
      movable.length > 0
        ? `recover on another member: --target ${movable[0]}`
        : 'mount the volume one folder higher, and let the data directory be a folder in it',
    );
  }
  if (backup.bytes === undefined) return;
  // A tenth more, for the WAL that is copied along and replayed.
  const needed = (BigInt(backup.bytes) * 11n) / 10n;
  if (node.freeBytes >= needed) return;
  const mb = (bytes: bigint) => `${bytes / 1_000_000n} MB`;
  risks.refuse(
    new PgdrillError(
      'PGDRILL_DISK_LOW',
      `${mb(node.freeBytes)} are free for the data of ${node.name}, and backup ${backup.id} needs ${mb(needed)} beside the old data directory`,
      'free some space there, or recover on another member',
    ),
  );
}
