import type { BackupRef } from '../../record/backup-ref';
import { PgdrillError } from '../../record/errors';
import type { MemberFacts, PitrFacts, PitrRequest } from './facts';

/**
 * Refuses a way of recovering that contradicts itself.
 * @throws PGDRILL_PAUSE_NOWHERE, PGDRILL_NODE_LEADS, PGDRILL_TABLESPACES
 */
export function refuseWay(request: PitrRequest, facts: PitrFacts, node: MemberFacts, backup: BackupRef): void {
  refuseTablespaces(request, facts, node, backup);
  if (request.pause && request.target.kind === 'latest') {
    throw new PgdrillError(
      'PGDRILL_PAUSE_NOWHERE',
      'with `latest` there is nowhere to pause: PostgreSQL goes on to the end of the WAL and promotes itself',
      'leave the pause out, or name the last moment to be kept: a time, or an lsn:',
    );
  }
  const fencedFirst = request.mode === 'cluster' && request.fence === 'now';
  if (fencedFirst || request.mode === 'files' || !node.leader || facts.members.length === 1) return;
  const replicas = facts.members.filter((member) => !member.leader).map((member) => member.name);
  throw new PgdrillError(
    'PGDRILL_NODE_LEADS',
    `${node.name} leads ${facts.scope}: taken out of the cluster, another member would be elected, on a timeline of its own`,
    `recover on ${replicas.join(' or ')}, or fence every member first: --auto-start --fence now`,
  );
}

/** `barman recover` makes links to places of its own container: they have to be set right on the member. */
function refuseTablespaces({ mode }: PitrRequest, facts: PitrFacts, node: MemberFacts, backup: BackupRef): void {
  const [first] = [...(backup.tablespaces ?? []), ...facts.tablespaces];
  const shared = facts.places === undefined || facts.places.barman.mounted[node.name] !== undefined;
  if (first === undefined || (mode !== 'files' && shared)) return;
  throw new PgdrillError(
    'PGDRILL_TABLESPACES',
    mode === 'files'
      ? `there is tablespace ${first.name} in ${first.location}, which recovery files in Barman's container cannot have`
      : `there is tablespace ${first.name} in ${first.location}, and Barman's container does not share a volume with ${node.name}`,
    mode === 'files'
      ? `have it restored in place: --target ${node.name}`
      : 'mount the data directory of the member into it, or drop the tablespace before the next backup',
  );
}
