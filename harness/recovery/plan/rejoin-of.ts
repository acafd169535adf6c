import type { RecoveryPlan } from '../../record/recovery';
import type { MemberFacts, PitrFacts } from './facts';

/**
 * How a member comes back to the new leader, and why so. This version's step copies, whatever pg_rewind's rules say: the
 * reason tells which of the two it was (PostgreSQL documentation, pg_rewind, "Description").
 */
export function rejoinOf(member: MemberFacts, facts: PitrFacts): RecoveryPlan['others'][number] {
  const reason =
    facts.dataChecksums || facts.walLogHints
      ? 'this recovery copies always: right whatever the member holds, though pg_rewind might do'
      : 'pg_rewind cannot tell what has changed: neither data checksums nor wal_log_hints are on';
  return { member: member.name, rejoin: 'copy', reason };
}
