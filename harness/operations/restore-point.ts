import type { Operation } from './operation';

/**
 * Makes a restore point on the leader (`pg_create_restore_point`, PostgreSQL documentation, 9.27.3). One name may be given
 * more than once: a recovery stops at the first. Notes where it lies under its name; the first, if there are several.
 * @param name at most 63 bytes
 */
export function restorePoint(name: string): Operation {
  return async ({ cluster }) => {
    const leader = await cluster.leader();
    const rows = await leader.query<{ lsn: string }>('SELECT pg_create_restore_point($1)::text AS lsn', [name]);
    return { noted: { [`end of restore point ${name}`]: rows[0]!.lsn } };
  };
}
