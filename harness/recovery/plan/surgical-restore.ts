import type { BackupRef } from '../../record/backup-ref';
import { PgdrillError } from '../../record/errors';
import type { PlannedStep } from '../../record/recovery';
import type { PitrFacts, PitrRequest } from './facts';
import { planIsolatedNodePitr } from './plan-pitr';

/** What is restored beside the cluster, and where it is put meanwhile. */
export interface AsidePlan {
  backup: BackupRef;
  /** The member on whose volume the data lies; it goes on with its own. */
  host: string;
  segments: string[];
  steps: PlannedStep[];
}

/**
 * Plans the server that is restored beside the cluster. Backup, target and WAL are chosen and refused as for a recovery
 * on one isolated member; only what concerns that member and the others' stop does not matter here.
 * @throws what that plan refuses; PGDRILL_STANDBY_CLUSTER, PGDRILL_RESCUE_TABLESPACES
 */
export function planAside(request: PitrRequest, facts: PitrFacts): AsidePlan {
  if (facts.standbyCluster) {
    throw new PgdrillError(
      'PGDRILL_STANDBY_CLUSTER',
      `${facts.scope} is a standby cluster: nothing can be written to it`,
      'rescue on the primary cluster; this one follows',
    );
  }
  if (facts.tablespaces.length > 0) {
    throw new PgdrillError(
      'PGDRILL_RESCUE_TABLESPACES',
      `the cluster has ${facts.tablespaces.length} tablespaces of its own, which a server beside it would share with a member`,
      'recover on one isolated node, which moves them aside: pgdrill pitr … --target NODE --restore',
    );
  }
  const plan = planIsolatedNodePitr(
    { ...request, mode: 'restore', fence: 'none' },
    { ...facts, paused: false, members: facts.members.filter((member) => member.running) },
  );
  const backup = facts.backups.find((one) => one.id === plan.backup);
  if (!backup) {
    throw new PgdrillError(
      'PGDRILL_BACKUP_UNKNOWN',
      `backup ${plan.backup} is not among those that Barman holds`,
      `look: docker exec barman barman list-backups ${facts.server}`,
    );
  }
  return { backup, host: plan.node, segments: plan.segments, steps: stepsOf(request, facts, backup, plan.node) };
}

function stepsOf(
  { target, targetTimeline }: PitrRequest,
  facts: PitrFacts,
  backup: BackupRef,
  host: string,
): PlannedStep[] {
  const leader = facts.members.find((member) => member.leader)?.name ?? 'db1';
  const at = 'time' in target ? target.time : 'lsn' in target ? `LSN ${target.lsn}` : target.kind;
  return [
    {
      id: 'archive-tail',
      title: 'have what the target needs archived',
      changes: 'one commit and a switch of WAL on the leader',
      commands: [
        `docker exec ${leader} psql -U postgres -h localhost -c 'SELECT pg_current_xact_id()' -c 'SELECT pg_switch_wal()'`,
        `docker exec barman barman archive-wal ${facts.server}`,
      ],
    },
    {
      id: 'aside',
      title: `restore backup ${backup.id} beside the cluster, on the volume of ${host}, and replay it to ${at}, timeline ${targetTimeline}`,
      changes: 'a container, a network and a folder of their own; no member, no archive',
      commands: [
        `docker exec -u barman barman barman recover --target-tli ${targetTimeline} … ${facts.server} ${backup.id} /nodes/${host}/…/aside`,
      ],
      undo: 'they are removed',
    },
  ];
}
