import { consistentLsnOf } from '../../backup/archived-records';
import type { BarmanServer } from '../../cluster/barman-server';
import { commitOf } from '../../formats/waldump';
import type { BackupRef } from '../../record/backup-ref';
import type { WalCommit } from '../../record/evidence';
import type { WalOrderEvidence } from '../../record/ledger';
import type { RecoveryTarget } from '../../record/recovery';
import type { WaitContext } from '../../run/until';
import { ArchiveReader, historyOfTarget } from '../ledger/archive-reader';
import { WalOrder } from '../ledger/wal-order';

export interface WalOrderQuestions {
  target: RecoveryTarget;
  targetTimeline: number;
  branchLsn: string | undefined;
  /** bytes */
  segmentSize: number;
  backup: BackupRef;
}

/**
 * Where replay had to stop, from the archive alone: the first commit or abort that the target's rule leaves out, the
 * commits around it, and the parent's first one at or after the branch. The same rule and the same reader as for a ledger;
 * there is no write to be placed by it.
 */
export async function observeWalOrder(
  context: WaitContext,
  barman: BarmanServer,
  ask: WalOrderQuestions,
): Promise<{ walOrder: WalOrderEvidence; parentRecord?: WalCommit }> {
  const reader = await ArchiveReader.open(context, barman, ask.segmentSize);
  const history = await historyOfTarget(barman, undefined, ask.targetTimeline);
  const { beginLsn, endLsn } = ask.backup;
  const consistentLsn = (await consistentLsnOf(barman, ask.backup, ask.segmentSize)) ?? endLsn;
  const order = new WalOrder({ target: ask.target, history, replayFrom: beginLsn, consistentLsn });
  if (ask.branchLsn !== undefined) order.awaitFrom(ask.branchLsn);
  const rmgrs = ask.target.kind === 'name' ? ['Transaction', 'XLOG'] : ['Transaction'];
  await reader.read(order, history, beginLsn, { rmgrs, begun: true });
  const parent = ask.branchLsn === undefined ? undefined : order.firstFrom(ask.branchLsn);
  return { walOrder: order.evidence, ...(parent ? { parentRecord: commitOf(parent) } : {}) };
}
