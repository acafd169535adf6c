import { compareLsn } from '../../formats/lsn';
import { microsTime, utcTime } from '../../formats/timestamptz';
import { PgdrillError } from '../../record/errors';
import type { WalCommit } from '../../record/ledger';
import type { RecoveryTarget } from '../../record/recovery';

/** Where a server stands that has replayed up to a target, and what the archive has from there on. */
export interface Ahead {
  /** The end of the last record that was replayed. */
  lsn: string;
  /** Time of the last commit or abort that was replayed. */
  lastCommit?: string;
  /** Commits and aborts behind that place, in WAL order. */
  commits: readonly WalCommit[];
  /** Names of restore points behind that place. */
  restorePoints: readonly string[];
  /** Where the archived WAL ends. */
  endLsn: string;
}

/**
 * Refuses a target that lies behind what was replayed, for replay does not go back; and one that the archive does not
 * reach, for PostgreSQL would end without it ("recovery ended before configured recovery target was reached"), by when it
 * has replayed everything.
 * @throws PGDRILL_TARGET_BACKWARDS, PGDRILL_TARGET_UNREACHED
 */
export function refuseForward(target: RecoveryTarget, ahead: Ahead): void {
  switch (target.kind) {
    case 'latest':
      return;
    case 'immediate':
      throw backwards('`immediate` is the end of the backup', ahead);
    case 'lsn':
      if (compareLsn(target.lsn, ahead.lsn) < 0) throw backwards(`lsn:${target.lsn}`, ahead);
      if (compareLsn(target.lsn, ahead.endLsn) >= 0) throw unreached(`lsn:${target.lsn}`, ahead);
      return;
    case 'time': {
      const { lastCommit } = ahead;
      const asked = microsTime(target.time);
      if (lastCommit !== undefined) {
        const replayed = microsTime(lastCommit);
        if (asked < replayed || (asked === replayed && !target.inclusive)) throw backwards(utcTime(target.time), ahead);
      }
      // Replay stops at the first commit or abort that is later, so there has to be one.
      const stops = (time: bigint) => (target.inclusive ? time > asked : time >= asked);
      if (!ahead.commits.some((commit) => stops(microsTime(commit.time)))) throw unreached(utcTime(target.time), ahead);
      return;
    }
    case 'xid':
      // An xid that is not ahead was replayed, or is nowhere: neither can be gone forward to.
      if (!ahead.commits.some((commit) => commit.xid === String(BigInt(target.xid) & 0xffffffffn)))
        throw unreached(`xid:${target.xid}, which ends nowhere`, ahead);
      return;
    case 'name':
      if (!ahead.restorePoints.includes(target.name))
        throw unreached(`restore point "${target.name}", which is nowhere`, ahead);
  }
}

function backwards(target: string, { lsn, lastCommit }: Ahead): PgdrillError {
  const last = lastCommit === undefined ? '' : `, the last commit of ${utcTime(lastCommit)}`;
  return new PgdrillError(
    'PGDRILL_TARGET_BACKWARDS',
    `${target} lies behind what was replayed: up to ${lsn}${last}`,
    'replay does not go back: take this recovery back (pgdrill pitr --rollback), and recover to the earlier target',
  );
}

function unreached(target: string, { commits, endLsn, lsn }: Ahead): PgdrillError {
  const last = commits.at(-1);
  const end = last === undefined ? 'no commit' : `the last commit at ${last.lsn}, ${utcTime(last.time)}`;
  return new PgdrillError(
    'PGDRILL_TARGET_UNREACHED',
    `${target}, is not reached from here: behind ${lsn} the archive has ${end}, and ends at ${endLsn}`,
    'choose a target between these, or `latest`',
  );
}
