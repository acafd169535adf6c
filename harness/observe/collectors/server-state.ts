import type { PatroniNode } from '../../cluster/patroni-node';
import { parseWalName } from '../../formats/wal-name';
import type { MemberEvidence } from '../../record/evidence';

const STATE = `
  SELECT pg_is_in_recovery() AS recovering, s.system_identifier::text AS system, pg_last_wal_replay_lsn()::text AS replayed,
         CASE WHEN pg_is_in_recovery() THEN NULL ELSE pg_walfile_name(pg_current_wal_insert_lsn()) END AS wal,
         c.timeline_id AS timeline
  FROM pg_control_system() s, pg_control_checkpoint() c`;
const RECEIVER = 'SELECT status, received_tli AS timeline, sender_host AS sender FROM pg_stat_wal_receiver';
const TARGETS =
  "SELECT name, setting FROM pg_settings WHERE name LIKE 'recovery\\_target%' AND setting <> '' AND setting <> boot_val";

/** What the server says of itself: role, system, timeline with its history, where it receives from, targets in force. */
export async function readServer(node: PatroniNode): Promise<MemberEvidence> {
  const { state, receiver, targets } = await node.use(async (client) => {
    const rows = async <R extends object>(sql: string) => (await client.query<R & Record<string, unknown>>(sql)).rows;
    const [one] = await rows<{
      recovering: boolean;
      system: string;
      replayed: string | null;
      wal: string | null;
      timeline: number;
    }>(STATE);
    const [from] = await rows<{ status: string; timeline: number | null; sender: string | null }>(RECEIVER);
    return { state: one, receiver: from, targets: await rows<{ name: string; setting: string }>(TARGETS) };
  });
  if (!state) throw new Error('the server said nothing of its state');
  // The control file follows only with the next restart point; what a standby receives is its timeline.
  const timeline = state.wal === null ? (receiver?.timeline ?? state.timeline) : parseWalName(state.wal).timeline;
  const history = await node.history(timeline).catch(() => undefined);
  return {
    inRecovery: state.recovering,
    systemIdentifier: state.system,
    timeline,
    ...(receiver
      ? {
          receiver: {
            status: receiver.status,
            timeline: receiver.timeline ?? state.timeline,
            ...(receiver.sender ? { sender: receiver.sender } : {}),
          },
        }
      : {}),
    ...(state.replayed ? { replayLsn: state.replayed } : {}),
    ...(history === undefined ? {} : { history }),
    recoveryTargets: Object.fromEntries(targets.map((row) => [row.name, row.setting])),
  };
}

/** What Patroni says of the member through its REST API. */
export async function readPatroni(node: PatroniNode): Promise<MemberEvidence> {
  const rest = await node.patroni();
  if (!rest) throw new Error("Patroni's REST API did not answer");
  const { status, role, state, timeline, systemIdentifier } = rest;
  return {
    rest: {
      status,
      role,
      state,
      ...(timeline === undefined ? {} : { timeline }),
      ...(systemIdentifier === undefined ? {} : { systemIdentifier }),
    },
  };
}
