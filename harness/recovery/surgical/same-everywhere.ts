import type { Client } from 'pg';
import type { Cluster } from '../../cluster/cluster';
import type { PatroniNode } from '../../cluster/patroni-node';
import { compareLsn } from '../../formats/lsn';
import { PgdrillError } from '../../record/errors';
import type { RescueResult, RowsDigest } from '../../record/rescue';
import type { Run } from '../../run/run';
import { until } from '../../run/until';
import type { RescueShape } from '../plan/surgical-shape';
import type { RescueSql } from '../plan/surgical-sql';
import { addRows, digestFrom, rescueSession, sameRows } from './session';

/** Keys that a member is asked for at once. */
const BATCH = 5000;

/** How often rows are looked at that differ. */
const LOOKS = 5;

export interface SameEverywhere {
  run: Run;
  cluster: Cluster;
  database: string;
  /** The session that has the staged rows. */
  leader: Client;
  leaderName: string;
  sql: RescueSql;
  shape: RescueShape;
  digest: RowsDigest;
  commitLsn: string;
}

/**
 * The rows that came back, read on every member that answers, each once it has replayed their commit. What others have
 * changed since on the leader is changed on the replicas too: a replica may be as the rows came back, or as the leader is.
 * @throws PGDRILL_RESCUE_APART when a member has them otherwise
 */
export async function sameEverywhere(work: SameEverywhere): Promise<RescueResult['members']> {
  const { run, cluster, database, commitLsn } = work;
  const replicas = cluster.others(work.leaderName);
  const answering: PatroniNode[] = [];
  for (const node of replicas) if (await node.inRecovery()) answering.push(node);
  for (const node of answering) await replayed(run, node, commitLsn);
  const sessions = new Map<string, Client>();
  try {
    for (const node of [cluster.member(work.leaderName), ...answering])
      sessions.set(node.name, await rescueSession(node, database));
    let apart: string[] = [];
    // What somebody changes between two looks is no difference between members: it is looked at again.
    for (let look = 1; look <= LOOKS; look += 1) {
      const found = await digests(work, sessions);
      const now = found.get(work.leaderName)!;
      const members = [...found].map(([member, digest]) => ({
        member,
        digest,
        same: sameRows(digest, work.digest) || sameRows(digest, now),
      }));
      apart = members.filter(({ same }) => !same).map(({ member, digest }) => `${member} has ${digest.rows}`);
      if (apart.length === 0) return members;
    }
    throw new PgdrillError(
      'PGDRILL_RESCUE_APART',
      `the ${work.digest.rows} rows that came back are not the same on every member: ${apart.join(', ')} of them`,
      'look at the replication of these members: their data differ from the leader’s',
    );
  } finally {
    for (const session of sessions.values()) await session.end().catch(() => undefined);
  }
}

async function digests(work: SameEverywhere, sessions: ReadonlyMap<string, Client>): Promise<Map<string, RowsDigest>> {
  const { sql, shape } = work;
  const all = new Map<string, RowsDigest>();
  if (shape.key.length === 0) {
    for (const [name, session] of sessions) all.set(name, await digestFrom(session, sql.digestOfAll()));
    return all;
  }
  for (const name of sessions.keys()) all.set(name, { rows: '0', sum: '0' });
  for await (const keys of keyBatches(work)) {
    await Promise.all(
      [...sessions].map(async ([name, session]) => {
        all.set(name, addRows(all.get(name)!, await digestFrom(session, sql.digestByKeys(), keys)));
      }),
    );
  }
  return all;
}

/** The keys of the rows in question, a batch at a time: one array for each column of the key. */
async function* keyBatches({ leader, sql, shape }: SameEverywhere): AsyncGenerator<string[][]> {
  await leader.query('BEGIN READ ONLY');
  try {
    await leader.query(`DECLARE due CURSOR FOR ${sql.dueKeys()}`);
    for (;;) {
      const { rows } = await leader.query<Record<string, string>>(`FETCH ${BATCH} FROM due`);
      if (rows.length === 0) return;
      yield shape.key.map((_, at) => rows.map((row) => row[`k${at}`] ?? ''));
    }
  } finally {
    await leader.query('ROLLBACK');
  }
}

async function replayed(run: Run, node: PatroniNode, lsn: string): Promise<void> {
  let seen = 'nothing';
  await until(
    'replay caught up',
    run,
    async () => {
      seen = await node.value("SELECT coalesce(pg_last_wal_replay_lsn(), '0/0')");
      return compareLsn(seen, lsn) >= 0;
    },
    { seen: () => `${node.name} replayed ${seen} of ${lsn}` },
  );
}
