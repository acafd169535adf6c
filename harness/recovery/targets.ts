import { databaseDropNote } from '../operations/database-drop';
import { PgdrillError } from '../record/errors';
import type { Incident } from '../record/incident';
import type { RecoveryTarget } from '../record/recovery';

/** A target that is known once the accident has struck. */
export type TargetChoice = (incident: Incident) => RecoveryTarget;

/** Something that a target is named by: the text itself, or where the incident has it. */
type Told = string | ((incident: Incident) => string);
/** A mark stands for its commit's xid, LSN or time, as the target asks. */
type ToldOrMark = Told | MarkOf;
interface MarkOf {
  mark: string;
}

/** Which side of the target's own record is kept. Default: inclusive, as in PostgreSQL. */
interface Side {
  inclusive?: boolean;
}

/**
 * The last moment before the accident: a time by default; the same moment as LSN; or, by xid, everything but the
 * transaction of the accident up to where it committed.
 */
export function beforeAccident(options: { by?: 'time' | 'lsn' | 'xid' } = {}): TargetChoice {
  return (incident) => {
    const { before, xid } = incident;
    if (options.by === 'lsn') return { kind: 'lsn', lsn: before.lsn, inclusive: false };
    if (options.by !== 'xid') return { kind: 'time', time: before.time, inclusive: true };
    if (xid === undefined) throw notNoted(`${incident.accident} has no transaction of its own`, []);
    return { kind: 'xid', xid, inclusive: false };
  };
}

/**
 * Where the drop of a database begins in the WAL, exclusive, as `dropDatabase` noted it. The moment before the accident is
 * no way to undo it: a time stops at a commit, and the one it stops at may be the drop's own, by when the files are gone.
 */
export function beforeDatabaseDrop(): TargetChoice {
  return atLsn(noted(databaseDropNote), { inclusive: false });
}

/** A commit that the drill marked with `commitMark(name)`. */
export function mark(name: string): MarkOf {
  return { mark: name };
}

/** What an operation of the drill's own noted under this name. */
export function noted(name: string): (incident: Incident) => string {
  return (incident) => {
    const found = incident.noted?.[name];
    if (found === undefined) throw notNoted(`nothing was noted as "${name}"`, Object.keys(incident.noted ?? {}));
    return found;
  };
}

/** Stops after, or before, the transaction's end, wherever in the WAL it is. */
export function atXid(xid: ToldOrMark, side: Side = {}): TargetChoice {
  return (incident) => ({ kind: 'xid', xid: told(xid, 'xid', incident), inclusive: side.inclusive ?? true });
}

/** Stops after, or before, the first record that starts at this place or later. */
export function atLsn(lsn: ToldOrMark, side: Side = {}): TargetChoice {
  return (incident) => ({ kind: 'lsn', lsn: told(lsn, 'lsn', incident), inclusive: side.inclusive ?? true });
}

/** Stops before the first commit or abort later than this time; at the very time itself the side decides. With its zone. */
export function atTime(time: ToldOrMark, side: Side = {}): TargetChoice {
  return (incident) => ({ kind: 'time', time: told(time, 'time', incident), inclusive: side.inclusive ?? true });
}

/**
 * Stops just after a restore point: the first of that name. There is no other side; one that is given all the same is
 * handed on, for the planner to refuse.
 */
export function atRestorePoint(name: Told, side: { inclusive?: true } = {}): TargetChoice {
  return (incident) => ({ kind: 'name', name: typeof name === 'string' ? name : name(incident), ...side });
}

/** Stops as soon as the backup is consistent: at its end. There is no other side, as for a restore point. */
export function immediate(side: { inclusive?: true } = {}): TargetChoice {
  return () => ({ kind: 'immediate', ...side });
}

/** Replays all that the WAL holds, a logical accident too. */
export function latest(): TargetChoice {
  return () => ({ kind: 'latest' });
}

function told(what: ToldOrMark, field: 'xid' | 'lsn' | 'time', incident: Incident): string {
  if (typeof what === 'string') return what;
  if (typeof what === 'function') return what(incident);
  const found = incident.marks?.find((one) => one.name === what.mark);
  if (!found) {
    const names = (incident.marks ?? []).map((one) => one.name);
    throw notNoted(`no commit was marked as "${what.mark}"`, names);
  }
  return found[field];
}

function notNoted(what: string, names: readonly string[]): PgdrillError {
  return new PgdrillError(
    'PGDRILL_TARGET_UNKNOWN',
    `the target cannot be named: ${what}`,
    names.length > 0 ? `noted were: ${names.join(', ')}` : 'note it around the accident with inOrder(…)',
  );
}
