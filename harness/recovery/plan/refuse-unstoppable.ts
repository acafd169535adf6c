import { parseLsn } from '../../formats/lsn';
import { microsTime } from '../../formats/timestamptz';
import { messageOf, PgdrillError } from '../../record/errors';
import { recoveryTargetSchema, type RecoveryTarget } from '../../record/recovery';

/** PostgreSQL's MAXFNAMELEN, less the byte that ends it: longer names of restore points do not exist. */
const MAX_NAME_BYTES = 63;

/**
 * Refuses a target that PostgreSQL could not stop at as it is said. Drill files are JavaScript when they run: what types
 * would forbid must be found here, before anything is touched.
 * @throws PGDRILL_TARGET_INVALID when it cannot be read, PGDRILL_TARGET_SIDE when it asks for a side that does not exist
 */
export function refuseUnstoppable(target: RecoveryTarget): void {
  const problem = problemOf(target);
  if (problem !== undefined) {
    throw new PgdrillError(
      'PGDRILL_TARGET_INVALID',
      `${JSON.stringify(target)} names no place to stop at: ${problem}`,
      'give a time with its zone, an LSN such as 0/3000148, a transaction id, or the name of a restore point',
    );
  }
  const { inclusive } = target as { inclusive?: unknown };
  if (inclusive !== false) return;
  switch (target.kind) {
    case 'name':
      throw new PgdrillError(
        'PGDRILL_TARGET_SIDE',
        `recovery to restore point "${target.name}" has no exclusive side: PostgreSQL stops just after its record, which changes nothing`,
        'leave `inclusive` out; to keep less, give the LSN or the xid of what shall not be kept, exclusive',
      );
    case 'immediate':
      throw new PgdrillError(
        'PGDRILL_TARGET_SIDE',
        'recovery to `immediate` has no exclusive side: before the end of the backup nothing is consistent',
        'leave `inclusive` out, or choose an older backup',
      );
    case 'latest':
      throw new PgdrillError(
        'PGDRILL_TARGET_SIDE',
        'recovery to `latest` has no exclusive side: it names no record that could be left out',
        'leave `inclusive` out; to keep less, give the LSN or the xid of what shall not be kept, exclusive',
      );
    default:
  }
}

/** Why a target cannot be read, in words. */
function problemOf(target: RecoveryTarget): string | undefined {
  const form = recoveryTargetSchema.safeParse(target);
  if (!form.success) {
    return form.error.issues.map((issue) => `${issue.path.join('.') || 'target'}: ${issue.message}`).join('; ');
  }
  try {
    if (target.kind === 'time') microsTime(target.time);
    if (target.kind === 'lsn') parseLsn(target.lsn);
  } catch (error) {
    return messageOf(error);
  }
  if (target.kind === 'xid' && BigInt(target.xid) < 3n) return 'xid: the first transaction of a cluster is 3';
  if (target.kind === 'name') {
    const bytes = Buffer.byteLength(target.name);
    if (bytes === 0 || bytes > MAX_NAME_BYTES) return `name: of ${bytes} bytes; 1 to ${MAX_NAME_BYTES} are possible`;
  }
  return undefined;
}
