import { compareStamps, stampArchive } from '../../backup/archive-stamps';
import { archivedHistory } from '../../backup/wal-archive';
import type { Cluster } from '../../cluster/cluster';
import type { PatroniNode } from '../../cluster/patroni-node';
import type { ReadBaseline } from '../../observe/baseline-file';
import { observeArchive } from '../../observe/collectors/archive';
import { observeBranch } from '../../observe/collectors/branch-records';
import { observeDcs } from '../../observe/collectors/dcs';
import { observeMember } from '../../observe/collectors/member';
import { searchReport } from '../../observe/collectors/secrets';
import { observeWalOrder } from '../../observe/collectors/wal-order-evidence';
import { messageOf } from '../../record/errors';
import type { ArchiveEvidence, ClusterEvidence, SourceArchive } from '../../record/evidence';
import type { ExpectedAnswer } from '../../record/expected-answer';
import type { PitrPlan, RecoveryResult } from '../../record/recovery';
import type { Run } from '../../run/run';
import { throwIfInterrupted } from '../../run/until';
import { mainPlace } from '../stage';
import type { Noted } from './noted';

/** A recovery that has replayed, and what it is held against. */
export interface Recovered {
  plan: PitrPlan;
  result: RecoveryResult;
  noted: Noted;
  baseline?: ReadBaseline;
  expected: readonly ExpectedAnswer[];
}

/**
 * What a drill gathers, where there is no ledger and no accident: every member (only the isolated one, where that is as far
 * as it was to go), etcd, the archive, and where replay had to stop by the WAL.
 * @returns one line of what was read
 */
export async function gatherRecovered(run: Run, cluster: Cluster, recovered: Recovered): Promise<string> {
  const { plan, result } = recovered;
  const isolated = result.outcome === 'waiting';
  const leader = isolated ? cluster.member(plan.node) : await cluster.leader();
  const nodes = isolated ? [leader] : cluster.nodes;
  const xid = isolated ? undefined : await leader.value('SELECT pg_current_xact_id()::text');
  const readAt = await leader.value('SELECT pg_current_wal_lsn()');
  run.note(`reading ${nodes.map(({ name }) => name).join(', ')}${isolated ? '' : ', the archive and etcd'}`);
  const members = Promise.all(nodes.map((node) => readMember(run, cluster, node, recovered, { leader, xid, readAt })));
  members.catch(() => undefined);
  const around = isolated ? {} : await clusterAround(run, cluster, recovered);
  const stop = await stopByWal(run, cluster, recovered);
  await members;
  run.recorder.record({ kind: 'observed', ...mainPlace, value: { ...around, ...stop } });
  run.recorder.record({ kind: 'secrets-searched', value: await searchReport(run) });
  return `${nodes.length} ${nodes.length === 1 ? 'member' : 'members'} read at ${readAt}`;
}

async function readMember(
  run: Run,
  cluster: Cluster,
  node: PatroniNode,
  { baseline, expected, noted }: Recovered,
  at: { leader: PatroniNode; xid: string | undefined; readAt: string },
): Promise<void> {
  const value = await observeMember(run, cluster, node, {
    readAt: at.readAt,
    leads: node === at.leader,
    somebodys: {
      key: baseline?.saved.key ?? noted.systemIdentifier,
      expected,
      ...(at.xid === undefined ? {} : { xid: at.xid }),
    },
    ...(baseline ? { baseline: baseline.taken } : {}),
    redact: (text) => run.secrets.redact(text),
  });
  run.recorder.record({ kind: 'member-observed', ...mainPlace, member: node.name, value });
  run.note(`${node.name} read`);
}

async function clusterAround(
  run: Run,
  cluster: Cluster,
  { result, noted }: Recovered,
): Promise<Pick<ClusterEvidence, 'dcs' | 'archive'>> {
  const [dcs, seen] = await Promise.all([
    observeDcs(run, cluster),
    observeArchive(run, cluster, { backup: noted.backup, freshBackup: result.freshBackup, noted: undefined }),
  ]);
  const source = await compareSource(run, cluster, noted);
  const archive: ArchiveEvidence = {
    ...seen,
    check: { ...seen.check, ...(noted.failing ? { before: noted.failing } : {}) },
    ...(source ? { source } : {}),
  };
  return { dcs, archive };
}

/** Whether the archive still holds what it held, untouched. */
async function compareSource(run: Run, cluster: Cluster, noted: Noted): Promise<SourceArchive | undefined> {
  const { archive } = noted;
  if (!archive) return undefined;
  try {
    const now = await stampArchive(cluster.barman, noted.backup.id);
    const files = Object.values(archive);
    const bytes = files.reduce((sum, file) => sum + BigInt(file.bytes), 0n);
    return { by: 'change time', files: files.length, bytes: String(bytes), ...compareStamps(archive, now) };
  } catch (error) {
    throwIfInterrupted(run.signal);
    run.recorder.record({ kind: 'warning', text: `the archive could not be compared: ${messageOf(error)}` });
    return undefined;
  }
}

/** Where replay had to stop, and the records on both sides of the branch, from the archive. */
async function stopByWal(
  run: Run,
  { barman }: Cluster,
  { plan, result, noted }: Recovered,
): Promise<Pick<ClusterEvidence, 'walOrder' | 'parentRecord' | 'branchRecords'>> {
  const { target, targetTimeline, segmentSize } = plan;
  const { branchLsn } = result;
  const { backup } = noted;
  const order = await observeWalOrder(run, barman, { target, targetTimeline, branchLsn, segmentSize, backup });
  if (branchLsn === undefined) return order;
  const history = targetTimeline === 1 ? '' : await archivedHistory(barman, targetTimeline);
  const ask = { target, targetTimeline, history, branchLsn, backup, segmentSize };
  return { ...order, branchRecords: await observeBranch(barman, ask) };
}
