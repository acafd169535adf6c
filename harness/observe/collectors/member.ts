import type { Cluster } from '../../cluster/cluster';
import type { PatroniNode } from '../../cluster/patroni-node';
import { compareLsn } from '../../formats/lsn';
import type { MemberArea, MemberEvidence } from '../../record/evidence';
import type { ExpectedAnswer } from '../../record/expected-answer';
import { throwIfInterrupted, until, type WaitContext } from '../../run/until';
import { ledgerDatabase } from '../ledger/table';
import { readLedger } from '../ledger/read-back';
import { askAll } from './answers';
import { listDatabases, type TakenBaseline } from './baseline';
import { readContents } from './contents';
import { connectToEach } from './databases';
import { collectGlobals } from './globals';
import { collectIntegrity } from './integrity';
import { errorLine } from './reading-error';
import { readServerLog } from './server-log';
import { readPatroni, readServer } from './server-state';
import { readSettings } from './settings';

export interface MemberQuestions {
  /** The leader's WAL position that a replica must have replayed before it is read. */
  readAt: string;
  /** id of the row written after recovery. Absent where nothing may be written: see `somebodys`. */
  probe?: string;
  leads: boolean;
  /** What the content is compared with where it differs; default nothing. */
  baseline?: TakenBaseline | undefined;
  /** From when on the server's log is kept, by the server's clock; default all of it. */
  logSince?: string | undefined;
  /** The cluster is not loaded by pgdrill: no ledger, every database is read, no extension is expected. */
  somebodys?: SomebodysCluster;
  /** Replaces secrets in lines of the log. */
  redact?(text: string): string;
}

export interface SomebodysCluster {
  /** xid of a transaction that the leader committed after the recovery; absent where there is no cluster to follow it. */
  xid?: string;
  /** Key of the baseline's digests, see `collectGlobals`. */
  key: string;
  /** Queries with what they have to answer. */
  expected: readonly ExpectedAnswer[];
}

/**
 * Everything that one member shows, area by area: what fails in one is said there (`unread`) and does not hide the
 * others. `unreachable` only when the server takes no connection at all.
 *
 * What compares a standby with the leader (ledger, content, globals) is read only once it has replayed what the leader
 * had, for a lag is no loss. The probe is read anyway: whether it arrives is what is asked.
 */
export async function observeMember(
  context: WaitContext,
  cluster: Cluster,
  node: PatroniNode,
  ask: MemberQuestions,
): Promise<MemberEvidence> {
  const seen: MemberEvidence = { readAt: ask.readAt };
  const unread = (area: MemberArea, why: string): void => void ((seen.unread ??= {})[area] = why);
  const read = async (area: MemberArea, work: () => Promise<MemberEvidence>): Promise<void> => {
    try {
      Object.assign(seen, await work());
    } catch (error) {
      throwIfInterrupted(context.signal);
      unread(area, errorLine(error));
    }
  };
  const log = () =>
    read('log', async () => ({ log: await readServerLog(node, ask.logSince, ask.redact ?? ((text) => text)) }));

  const silent = await answers(context, node);
  await read('patroni', () => readPatroni(node));
  if (silent !== undefined) {
    // Its log may be the only thing that tells why.
    await log();
    return { ...seen, unreachable: silent };
  }
  const behind = ask.leads ? undefined : await replayed(context, node, ask.readAt);
  const readLevel = async (area: MemberArea, work: () => Promise<MemberEvidence>): Promise<void> =>
    behind === undefined ? read(area, work) : unread(area, behind);

  await read('server', () => readServer(node));
  if (!ask.somebodys) await read('settings', () => readSettings(node));
  let databases: string[] = [];
  await read('databases', async () => {
    const connected = await connectToEach(node);
    databases = (await listDatabases(node)).filter((name) => connected[name]?.connects);
    return { databases: connected };
  });
  const { somebodys } = ask;
  if (!somebodys)
    await readLevel('ledger', async () => {
      const { whole, halves } = await readLedger(node);
      return { ledger: whole, ledgerHalves: halves };
    });
  const { probe } = ask;
  if (probe !== undefined)
    await read('probe', async () => ({ probe: { expected: probe, found: await readProbe(node, probe) } }));
  const xid = somebodys?.xid;
  if (xid !== undefined) await read('probe', async () => ({ probe: await readXid(context, node, xid) }));
  await read('integrity', async () => ({
    integrity: await collectIntegrity(context, node, databases, ask.leads, somebodys !== undefined),
  }));
  // The ledger's database is judged by row; without a ledger one of its name is somebody's.
  const compared = somebodys ? databases : databases.filter((name) => name !== ledgerDatabase);
  // Without a baseline there is nothing to compare somebody's databases with: they are not read for nothing.
  if (!somebodys || ask.baseline)
    await readLevel('content', () =>
      readContents(context, cluster, node, compared, ask.baseline, (why) => unread('content', why)),
    );
  await readLevel('globals', async () => ({ globals: await collectGlobals(node, somebodys?.key) }));
  if (somebodys && somebodys.expected.length > 0)
    await readLevel('expectations', async () => ({ answers: await askAll(context, node, somebodys.expected) }));
  await log();
  return seen;
}

/** @returns why the server takes no connection, or undefined when it does */
async function answers(context: WaitContext, node: PatroniNode): Promise<string | undefined> {
  let why = 'no answer';
  try {
    await until(
      'member answers',
      context,
      () =>
        node.value('SELECT 1').catch((error: unknown) => {
          why = errorLine(error);
          return undefined;
        }),
      { everyMs: 250, seen: () => why },
    );
    return undefined;
  } catch {
    throwIfInterrupted(context.signal);
    return why;
  }
}

/** @returns why a replica has not replayed what the leader had, or undefined when it has */
async function replayed(context: WaitContext, node: PatroniNode, lsn: string): Promise<string | undefined> {
  let seen = 'nothing';
  try {
    await until(
      'replay caught up',
      context,
      async () => {
        seen = await node.value("SELECT coalesce(pg_last_wal_replay_lsn(), '0/0')");
        return compareLsn(seen, lsn) >= 0;
      },
      { seen: () => `${node.name} replayed ${seen} of ${lsn}` },
    );
    return undefined;
  } catch (error) {
    throwIfInterrupted(context.signal);
    return errorLine(error);
  }
}

async function readProbe(node: PatroniNode, id: string): Promise<string> {
  const rows = await node.query<{ id: string }>('SELECT id FROM ledger.probe WHERE id = $1', [id], ledgerDatabase);
  return rows[0]?.id ?? 'nothing';
}

/** Whether a transaction of the leader is known as committed; a standby is given time for it. */
async function readXid(context: WaitContext, node: PatroniNode, xid: string): Promise<MemberEvidence['probe']> {
  const expected = `transaction ${xid} committed`;
  let found = 'nothing';
  try {
    await until('replay caught up', context, async () => {
      const [row] = await node.query<{ status: string | null }>(
        `SELECT CASE WHEN $1::xid8 < pg_snapshot_xmax(pg_current_snapshot()) THEN pg_xact_status($1::xid8) END AS status`,
        [xid],
      );
      found = `transaction ${xid} ${row?.status ?? 'unknown'}`;
      return found === expected;
    });
  } catch {
    throwIfInterrupted(context.signal);
  }
  return { expected, found };
}
