import type { Client } from 'pg';
import { markTable, type Mark } from '../record/incident';
import type { WalCommit } from '../record/ledger';
import { PgdrillError } from '../record/errors';
import { makeMarkTable, writePlace } from './commit-mark';
import type { Operation } from './operation';
import { microsApart, ownCommits } from './own-commits';

/** Three commits that follow one another in the WAL: one, then within a millisecond two that share a later microsecond. */
interface Trio {
  before: WalCommit;
  first: WalCommit;
  second: WalCommit;
}

const CLIENTS = 8;
const COMMITS_EACH = 1500;
/** About every second burst has such a trio, on two busy cores. */
const ATTEMPTS = 20;

/**
 * Commits as fast as the machine can, on several connections at once, until the WAL has two commits of one microsecond
 * with another just before them. Their rows become the marks `before`, `first` and `second`: a time target can part
 * `before` from the other two, and nothing but an LSN parts these.
 * @param names of the three marks
 */
export function commitBurst(
  names: { before: string; first: string; second: string } = { before: 'before', first: 'first', second: 'second' },
): Operation {
  return async ({ run, cluster }) => {
    const leader = await cluster.leader();
    for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
      const { from, timeline } = await leader.use(async (client) => {
        await makeMarkTable(client);
        return writePlace(client);
      }, markTable.database);
      await Promise.all(
        Array.from({ length: CLIENTS }, (_, number) =>
          leader.use((client) => commitMany(client, `burst ${attempt}.${number + 1}`), markTable.database),
        ),
      );
      // Nothing of the burst waited for the disk; this commit does, and all before it with it.
      await leader.query('SELECT pg_current_xact_id()');
      const commits = await ownCommits(leader, from, { timeline });
      const rows = await leader.query<{ row: string; xid: string }>(
        `SELECT id AS row, xmin::text AS xid FROM ${markTable.table} WHERE starts_with(id, $1)`,
        [`burst ${attempt}.`],
        markTable.database,
      );
      const rowOf = new Map(rows.map(({ row, xid }) => [xid, row]));
      const trio = findTrio(commits, (commit) => rowOf.has(commit.xid));
      run.note(`${commits.length} commits in burst ${attempt}, ${trio ? 'two of them' : 'no two'} of one microsecond`);
      if (!trio) continue;
      const marks = (['before', 'first', 'second'] as const).map((key): Mark => {
        const { lsn, xid, time } = trio[key];
        return { name: names[key], row: rowOf.get(xid) ?? '', lsn, xid, time };
      });
      return { marks };
    }
    throw new PgdrillError(
      'PGDRILL_COMMITS_APART',
      `${ATTEMPTS} bursts of ${CLIENTS * COMMITS_EACH} commits had no two of one microsecond right after a third`,
      'run the drill again, on a machine that is less busy',
    );
  };
}

/** One transaction a row, without waiting for the disk: a COMMIT in a DO block takes some ten microseconds. */
async function commitMany(client: Client, prefix: string): Promise<void> {
  await client.query('SET synchronous_commit = off');
  await client.query(
    `DO $$ BEGIN FOR n IN 1..${COMMITS_EACH} LOOP
       INSERT INTO ${markTable.table} (id) VALUES ('${prefix}.' || n);
       COMMIT;
     END LOOP; END $$`,
  );
}

/**
 * Commits take their time before their place in the WAL, so that times go backwards among clients. A time target stops at
 * the first that is later than it: `before` has to be the latest so far, and the two after it later still.
 * @param ours whether a commit is one of the burst
 */
export function findTrio(commits: readonly WalCommit[], ours: (commit: WalCommit) => boolean): Trio | undefined {
  let latest = commits[0];
  for (const [index, before] of commits.entries()) {
    if (latest === undefined || microsApart(latest, before) >= 0n) latest = before;
    const [first, second] = commits.slice(index + 1, index + 3);
    if (latest !== before || !first || !second) continue;
    const apart = microsApart(before, first);
    const tied = apart > 0n && apart < 1000n && microsApart(first, second) === 0n;
    if (tied && [before, first, second].every((commit) => commit.record === 'COMMIT' && ours(commit)))
      return { before, first, second };
  }
  return undefined;
}
