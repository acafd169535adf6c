import { ASIDE, restoreAside, type AsideServer } from '../backup/restore-aside';
import { switchAndArchive } from '../backup/wal-archive';
import type { PatroniNode } from '../cluster/patroni-node';
import { formatIntervals, parseIntervals, union } from '../formats/intervals';
import { compareArchive, noteArchive } from '../observe/collectors/source-archive';
import { observeMember } from '../observe/collectors/member';
import { ledgerDatabase } from '../observe/ledger/ledger';
import { messageOf } from '../record/errors';
import type { MemberEvidence, RestoredAside } from '../record/evidence';
import type { RecoveryTarget } from '../record/recovery';
import { recoveryWords } from '../recovery/steps/new-branch';
import { throwIfInterrupted } from '../run/until';
import type { Play, Played } from './play';
import { mainPlace } from './stage';

/** The point after the fresh backup to which it is restored. */
interface Point {
  lsn: string;
  timeline: number;
  history: string;
  /** Row written just before the point. */
  before: string;
}

/**
 * Phase `aside`: the fresh backup restored beside the cluster to a point after it, and read like a member: whether what
 * was recovered can be lost again. The writers are stopped, so that what must be there is what the leader holds. A row
 * written just before the point has to come back, one written just after it must not.
 */
export async function restoredAside(play: Play, played: Played): Promise<string> {
  const { run, cluster, engine } = play;
  const started = performance.now();
  const backup = played.recovery.freshBackup ?? '';
  const leader = await cluster.leader();
  const point = await notePoint(play, leader);
  const noted = await noteArchive(run, cluster, backup);
  run.note(`restoring ${backup} aside to ${point.lsn} on timeline ${point.timeline}`);
  const target: RecoveryTarget = { kind: 'lsn', lsn: point.lsn, inclusive: false };
  const server = await restoreAside(engine, run, cluster, { backup, target, timeline: point.timeline });
  try {
    const [seen, source] = await Promise.all([readAside(play, server, point), compareArchive(run, cluster, noted)]);
    const value: RestoredAside = {
      backup,
      target,
      timeline: point.timeline,
      parentHistory: point.history,
      due: dueRows(played, leader.name),
      ...seen,
      ...(source ? { source } : {}),
      durationMs: Math.round(performance.now() - started),
    };
    run.recorder.record({ kind: 'observed', ...mainPlace, value: { restoredAside: value } });
    if (server.failed !== undefined) return `${backup} could not be restored: ${server.failed}`;
    return `${backup} restored to ${point.lsn}, timeline ${seen.newTimeline ?? '?'}, and read`;
  } finally {
    await server.remove();
  }
}

/**
 * Writes a row, takes the place in the WAL behind it, writes another, and waits until Barman holds both: replay to that
 * place ends between the two.
 */
async function notePoint({ run, cluster }: Play, leader: PatroniNode): Promise<Point> {
  const id = (when: string) => `${ASIDE} ${when} ${run.id}`;
  const write = (when: string) =>
    leader.query('INSERT INTO ledger.probe (id) VALUES ($1)', [id(when)], ledgerDatabase).then(() => id(when));
  const before = await write('before');
  const lsn = await leader.value('SELECT pg_current_wal_insert_lsn()');
  await write('after');
  const timeline = await leader.writtenTimeline();
  await switchAndArchive(run, cluster.barman, leader);
  return { lsn, timeline, history: await leader.history(timeline), before };
}

/** Everything acknowledged on the way that was recovered, and what else the leader holds of the ledger: no writer is at work. */
function dueRows({ observed }: Played, leader: string): string {
  const held = observed?.members[leader]?.ledger ?? '';
  const acknowledged = [observed?.ledger.before ?? '', observed?.ledger.resumed ?? ''];
  return formatIntervals([held, ...acknowledged].map(parseIntervals).reduce(union));
}

type Read = Pick<RestoredAside, 'stop' | 'newTimeline' | 'history' | 'failed' | 'member'>;

/** The restored server, read like a leader, for it was promoted. */
async function readAside({ run, cluster, taken }: Play, { node, failed }: AsideServer, point: Point): Promise<Read> {
  const log = await node.serverLog().catch(() => '');
  if (log !== '') {
    run.recorder.record({
      kind: 'file',
      what: `log of ${ASIDE}`,
      reference: run.recorder.write(`logs/${ASIDE}.log`, log),
    });
  }
  const stop = recoveryWords(log);
  if (failed !== undefined) return { stop, failed, member: { unreachable: failed } };
  const member = await observeMember(run, cluster, node, {
    readAt: point.lsn,
    probe: point.before,
    leads: true,
    baseline: taken,
    redact: (text) => run.secrets.redact(text),
  });
  const newTimeline = await node.writtenTimeline();
  return {
    stop,
    newTimeline,
    history: await node.history(newTimeline),
    member: await withProbes(run, node, point, member),
  };
}

/** Which of the rows around the point are there: the one before it, and no other. */
async function withProbes(
  run: Play['run'],
  node: PatroniNode,
  { before }: Point,
  member: MemberEvidence,
): Promise<MemberEvidence> {
  try {
    const rows = await node.query<{ id: string }>(
      'SELECT id FROM ledger.probe WHERE id LIKE $1 ORDER BY written',
      [`${ASIDE} %`],
      ledgerDatabase,
    );
    return { ...member, probe: { expected: before, found: rows.map((row) => row.id).join(', ') || 'nothing' } };
  } catch (error) {
    throwIfInterrupted(run.signal);
    const others = { ...member };
    // What was read of it before it failed is half an answer.
    delete others.probe;
    return { ...others, unread: { ...member.unread, probe: messageOf(error) } };
  }
}
