import type { Operation } from './operation';

/**
 * Makes a restore point on the leader (`pg_create_restore_point`, PostgreSQL documentation, 9.27.3). One name may be given
 * more than once: a recovery stops at the first. Notes where it lies under its name; the first, if there are several.
 * @param name at most 63 bytes
 * @param options.note where it lies is noted under this instead: of two of one name each has a note of its own then
 */
export function restorePoint(name: string, options: { note?: string } = {}): Operation {
  return async ({ cluster }) => {
    const leader = await cluster.leader();
    const rows = await leader.query<{ lsn: string }>('SELECT pg_create_restore_point($1)::text AS lsn', [name]);
    return { noted: { [options.note ?? `end of restore point ${name}`]: rows[0]!.lsn } };
  };
}
