import type { PatroniNode } from '../cluster/patroni-node';
import { formatIntervals, parseIntervals, subtract } from '../formats/intervals';
import { observeArchive } from '../observe/collectors/archive';
import { observeDcs } from '../observe/collectors/dcs';
import { observeLedger } from '../observe/collectors/ledger-evidence';
import { observeMember } from '../observe/collectors/member';
import { ledgerDatabase } from '../observe/ledger/ledger';
import type { MemberEvidence, SwitchoverEvidence } from '../record/evidence';
import type { RecoveryTarget } from '../record/recovery';
import type { Play, Played } from './play';
import { mainPlace } from './stage';
import { stopEvidence } from './stop-evidence';

/**
 * Gathers everything that the checks ask for: writers stopped, then every member at one point of the leader's WAL, etcd,
 * the archive, and the ledger in the order of the WAL.
 */
export async function gatherEvidence(play: Play, played: Played): Promise<string> {
  const { run, cluster, ledger, drill } = play;
  const leader = await cluster.leader();
  const probe = await writeProbe(play, leader);
  await ledger.stop();
  run.recorder.record({ kind: 'file', what: 'ledger of the writers', reference: await ledger.reference() });
  const readAt = await leader.value('SELECT pg_current_wal_lsn()');
  run.note('reading every member, the archive and etcd');
  const members = Promise.all(
    cluster.nodes.map(async (node) => {
      const value = await observeMember(run, cluster, node, {
        readAt,
        probe,
        leads: node === leader,
        baseline: play.taken,
        logSince: played.incident.before.time,
        redact: (text) => run.secrets.redact(text),
      });
      run.recorder.record({ kind: 'member-observed', ...mainPlace, member: node.name, value });
      run.note(`${node.name} read`);
      return [node.name, value] as const;
    }),
  );
  members.catch(() => undefined);
  const [dcs, archive] = await Promise.all([
    observeDcs(run, cluster),
    observeArchive(run, cluster, {
      backup: play.backup,
      freshBackup: played.recovery.freshBackup,
      noted: played.noted,
    }),
  ]);
  const placed = await observeLedger(run, cluster, ledger, {
    writers: drill.writers,
    ...(await wayOf(played, leader)),
    fencedAt: played.recovery.fencedAt,
    leadStartedAt: played.recovery.leadStartedAt,
    branchLsn: played.recovery.branchLsn,
    endsAtGap: played.recovery.plan?.endsAtGap,
    segmentSize: archive.segmentSize,
    archivedUntil: archive.toLsn,
    backup: play.backup,
  });
  const stop = await stopEvidence(play, played, archive);
  const seen = Object.fromEntries(await members);
  played.observed = { members: seen, ledger: placed.ledger };
  const switched = await switchoverEvidence(play, played, seen);
  run.recorder.record({
    kind: 'observed',
    ...mainPlace,
    value: { dcs, archive, ...placed, ...stop, ...(switched ? { switchover: switched } : {}) },
  });
  return `${cluster.nodes.length} members read at ${readAt}, ${archive.segments.needed} segments walked, ${placed.ledger.sent} ledger rows placed`;
}

/**
 * The way on which what was acknowledged must lie: to the target; where the history goes on, all that the leader has, up to
 * now.
 */
async function wayOf(
  played: Played,
  leader: PatroniNode,
): Promise<{ target: RecoveryTarget; targetTimeline: number; aside?: RecoveryTarget }> {
  const { branch } = played.recovery;
  if (branch === undefined) return { target: targetOf(played), targetTimeline: played.incident.before.timeline };
  const way = { target: { kind: 'latest' } as const, targetTimeline: await leader.writtenTimeline() };
  return branch === 'none' ? { ...way, aside: targetOf(played) } : way;
}

/** The target of the plan; where nothing was recovered, the moment before the accident: that is what was wanted. */
function targetOf({ incident, recovery }: Played): RecoveryTarget {
  return recovery.plan?.target ?? { kind: 'time', time: incident.before.time, inclusive: true };
}

async function writeProbe({ run }: Play, leader: PatroniNode): Promise<string> {
  const id = `probe ${run.id}`;
  await leader.query('INSERT INTO ledger.probe (id) VALUES ($1)', [id], ledgerDatabase);
  return id;
}

/** What was acknowledged from the switchover on, and which of it a member does not have. */
async function switchoverEvidence(
  { ledger }: Play,
  { switchover }: Played,
  members: Record<string, MemberEvidence>,
): Promise<SwitchoverEvidence | undefined> {
  if (!switchover) return undefined;
  const { startedAt, ...turn } = switchover;
  const acknowledged = await ledger.acknowledgedSince(startedAt);
  const missing = Object.entries(members).flatMap(([name, member]) =>
    member.ledger === undefined
      ? []
      : [[name, formatIntervals(subtract(parseIntervals(acknowledged), parseIntervals(member.ledger)))] as const],
  );
  return { ...turn, acknowledged, missing: Object.fromEntries(missing) };
}
