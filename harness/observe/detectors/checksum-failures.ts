import type { Detector } from './detector';

/** PostgreSQL documentation, 28.2.16 "pg_stat_database": counted when somebody reads the page, never before. */
export const checksumFailures: Detector = {
  name: 'checksum-failures',
  head: 'cks',
  title: 'pg_stat_database.checksum_failures, once the others have read',
  wants: 'a running member with data checksums; costs nothing, and reads nothing itself',
  ofMember: true,
  keeps: true,
  async look({ node }) {
    const rows = await node.query<{ name: string; failures: string }>(
      `SELECT coalesce(datname, 'shared relations') AS name, checksum_failures AS failures
       FROM pg_stat_database WHERE checksum_failures > 0 ORDER BY 1`,
    );
    return { complaints: rows.map(({ name, failures }) => ({ text: `${name}: checksum_failures ${failures}` })) };
  },
};
