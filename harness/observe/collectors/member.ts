import type { Cluster } from '../../cluster/cluster';
import type { PatroniNode } from '../../cluster/patroni-node';
import { compareLsn } from '../../formats/lsn';
import { describeError, messageOf } from '../../record/errors';
import type { MemberEvidence } from '../../record/evidence';
import { until, type WaitContext } from '../../run/until';
import { ledgerDatabase } from '../ledger/ledger';
import { collectContents, listDatabases } from './baseline';
import { collectIntegrity } from './integrity';

export interface MemberQuestions {
  /** The leader's WAL position that a replica must have replayed before it is read. */
  readAt: string;
  /** id of the row written after recovery. */
  probe: string;
  leads: boolean;
}

/** Everything that one member shows. What cannot be asked is left out, and a member that does not answer says why. */
export async function observeMember(
  context: WaitContext,
  cluster: Cluster,
  node: PatroniNode,
  ask: MemberQuestions,
): Promise<MemberEvidence> {
  const rest = await node.patroni();
  const seen: MemberEvidence = rest
    ? {
        rest: {
          status: rest.status,
          role: rest.role,
          state: rest.state,
          ...(rest.timeline === undefined ? {} : { timeline: rest.timeline }),
          ...(rest.systemIdentifier === undefined ? {} : { systemIdentifier: rest.systemIdentifier }),
        },
      }
    : {};
  try {
    if (!ask.leads) await awaitReplay(context, node, ask.readAt);
    Object.assign(seen, await readServer(node));
    const databases = await listDatabases(node);
    seen.databases = await connectEach(node);
    seen.ledger = await readLedger(node);
    seen.probe = { expected: ask.probe, found: await readProbe(node, ask.probe) };
    seen.content = await collectContents(context, node, databases);
    seen.integrity = await collectIntegrity(context, node, databases, ask.leads);
  } catch (error) {
    const { code, what } = describeError(error);
    seen.unreachable = `${code}: ${what}`;
  }
  return seen;
}

/** A replica is read only once it has replayed what the leader had: a lag is no loss. */
async function awaitReplay(context: WaitContext, node: PatroniNode, lsn: string): Promise<void> {
  let seen = 'no answer';
  await until(
    'replay caught up',
    context,
    async () => {
      seen = await node.value("SELECT coalesce(pg_last_wal_replay_lsn(), '0/0')");
      return compareLsn(seen, lsn) >= 0;
    },
    { seen: () => `${node.name} replayed ${seen} of ${lsn}` },
  );
}

async function readServer(node: PatroniNode): Promise<MemberEvidence> {
  return node.use(async (client) => {
    const one = async <R extends object>(sql: string): Promise<R | undefined> =>
      (await client.query<R & Record<string, unknown>>(sql)).rows[0];
    const state = await one<{
      recovering: boolean;
      system: string;
      replayed: string | null;
      wal: string | null;
      timeline: number;
    }>(
      `SELECT pg_is_in_recovery() AS recovering, s.system_identifier::text AS system, pg_last_wal_replay_lsn()::text AS replayed,
              CASE WHEN pg_is_in_recovery() THEN NULL ELSE pg_walfile_name(pg_current_wal_insert_lsn()) END AS wal, c.timeline_id AS timeline
       FROM pg_control_system() s, pg_control_checkpoint() c`,
    );
    const receiver = await one<{ status: string; timeline: number; sender: string | null }>(
      'SELECT status, received_tli AS timeline, sender_host AS sender FROM pg_stat_wal_receiver',
    );
    const targets = (
      await client.query<{ name: string; setting: string }>(
        "SELECT name, setting FROM pg_settings WHERE name LIKE 'recovery\\_target%' AND setting <> '' AND setting <> boot_val",
      )
    ).rows;
    if (!state) return {};
    // The control file follows only with the next restart point; what a standby receives is its timeline.
    const timeline =
      state.wal === null ? (receiver?.timeline ?? state.timeline) : Number.parseInt(state.wal.slice(0, 8), 16);
    return {
      inRecovery: state.recovering,
      systemIdentifier: state.system,
      timeline,
      ...(receiver
        ? {
            receiver: {
              status: receiver.status,
              timeline: receiver.timeline,
              ...(receiver.sender ? { sender: receiver.sender } : {}),
            },
          }
        : {}),
      ...(state.replayed ? { replayLsn: state.replayed } : {}),
      history: await node.history(timeline).catch(() => undefined),
      recoveryTargets: Object.fromEntries(targets.map((row) => [row.name, row.setting])),
    };
  });
}

/** Every database is connected to, also those that take no connection by themselves and so tell of a broken directory. */
async function connectEach(node: PatroniNode): Promise<NonNullable<MemberEvidence['databases']>> {
  const rows = await node.query<{ datname: string }>('SELECT datname FROM pg_database WHERE datallowconn ORDER BY 1');
  const found: NonNullable<MemberEvidence['databases']> = {};
  for (const { datname } of rows) {
    found[datname] = await node.value('SELECT 1', datname).then(
      () => ({ connects: true }),
      (error: unknown) => ({ connects: false, error: messageOf(error) }),
    );
  }
  return found;
}

/** Gaps and islands in the server, so that a million rows come as a few intervals. */
async function readLedger(node: PatroniNode): Promise<string> {
  const rows = await node.query<{ low: string; high: string }>(
    `SELECT min(seq) AS low, max(seq) AS high FROM (SELECT seq, seq - row_number() OVER (ORDER BY seq) AS island FROM ledger.entry) s GROUP BY island ORDER BY 1`,
    [],
    ledgerDatabase,
  );
  return rows.map(({ low, high }) => (low === high ? low : `${low}-${high}`)).join(',');
}

async function readProbe(node: PatroniNode, id: string): Promise<string> {
  const rows = await node.query<{ id: string }>('SELECT id FROM ledger.probe WHERE id = $1', [id], ledgerDatabase);
  return rows[0]?.id ?? 'nothing';
}
