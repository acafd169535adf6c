import type { Cluster } from '../../cluster/cluster';
import type { PatroniNode } from '../../cluster/patroni-node';
import { compareLsn } from '../../formats/lsn';
import type { MemberArea, MemberEvidence } from '../../record/evidence';
import { throwIfInterrupted, until, type WaitContext } from '../../run/until';
import { ledgerDatabase } from '../ledger/table';
import { readLedger } from '../ledger/read-back';
import { listDatabases, type TakenBaseline } from './baseline';
import { readContents } from './contents';
import { connectToEach } from './databases';
import { collectGlobals } from './globals';
import { collectIntegrity } from './integrity';
import { errorLine } from './reading-error';
import { readServerLog } from './server-log';
import { readPatroni, readServer } from './server-state';

export interface MemberQuestions {
  /** The leader's WAL position that a replica must have replayed before it is read. */
  readAt: string;
  /** id of the row written after recovery. */
  probe: string;
  leads: boolean;
  /** What the content is compared with where it differs; default nothing. */
  baseline?: TakenBaseline | undefined;
  /** From when on the server's log is kept, by the server's clock; default all of it. */
  logSince?: string | undefined;
  /** Replaces secrets in lines of the log. */
  redact?(text: string): string;
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
  let databases: string[] = [];
  await read('databases', async () => {
    const connected = await connectToEach(node);
    databases = (await listDatabases(node)).filter((name) => connected[name]?.connects);
    return { databases: connected };
  });
  await readLevel('ledger', async () => {
    const { whole, halves } = await readLedger(node);
    return { ledger: whole, ledgerHalves: halves };
  });
  await read('probe', async () => ({ probe: { expected: ask.probe, found: await readProbe(node, ask.probe) } }));
  await read('integrity', async () => ({
    integrity: await collectIntegrity(context, node, databases, ask.leads),
  }));
  await readLevel('content', () =>
    readContents(context, cluster, node, databases, ask.baseline, (why) => unread('content', why)),
  );
  await readLevel('globals', async () => ({ globals: await collectGlobals(node) }));
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
