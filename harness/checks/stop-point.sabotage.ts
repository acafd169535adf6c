import { compareLsn, formatLsn, parseLsn } from '../formats/lsn';
import type { WalCommit } from '../record/evidence';
import { branchOf } from './branch';
import { historyText, rewriteHistories } from './spoiled-history';
import { sabotage, there, type Spoiled } from './spoiled';

const id = 'stop-point';

/** The transaction after the boundary: what a recovery that is off by one stops at. */
function afterBoundary({ walOrder }: Spoiled): WalCommit {
  const { lsn } = there(walOrder.boundary, 'boundary');
  const later = walOrder.around
    .filter((commit) => compareLsn(commit.lsn, lsn) > 0)
    .sort((a, b) => compareLsn(a.lsn, b.lsn));
  return there(later[0], 'commit after the boundary');
}

/** The honest recovery as it would be, had it been told to stop at a restore point made where it stopped. */
function atRestorePoint(spoiled: Spoiled, name: string): string {
  const { last } = there(spoiled.cluster.branchRecords, 'records at the branch');
  const { lsn } = there(last, 'last record');
  Object.assign(there(last, 'last record'), { rmgr: 'XLOG', operation: 'RESTORE_POINT', about: name });
  there(spoiled.recovery.plan, 'plan').target = { kind: 'name', name };
  spoiled.recovery.stop = [
    `LOG:  recovery stopping at restore point "${name}", time 2026-11-21 05:51:02+00`,
    `LOG:  redo done at ${lsn}`,
  ];
  rewriteHistories(spoiled, (history) => {
    const branch = branchOf(history, spoiled.newTimeline);
    const reason = `at restore point "${name}"`;
    return historyText(history.ancestors.map((row) => (row === branch?.row ? { ...row, reason } : row)));
  });
  return lsn;
}

/** Two rows of the drill's own, one on either side of the boundary, and which of them each member holds. */
function marked(spoiled: Spoiled, held: readonly string[]): void {
  const boundary = there(spoiled.walOrder.boundary, 'boundary');
  const kept = there(boundary.lastKept, 'last commit kept');
  there(spoiled.episode.incident, 'incident').marks = [
    { ...kept, name: 'kept', row: 'kept' },
    { name: 'left out', row: 'left out', lsn: boundary.lsn, xid: boundary.xid, time: boundary.time },
  ];
  spoiled.cluster.marks = Object.fromEntries(Object.keys(spoiled.cluster.members).map((name) => [name, [...held]]));
}

export const stopPointSabotages = [
  sabotage('stopped-one-late', 'replay went on over one transaction too many', { reds: [id] }, (spoiled) => {
    const { xid, time } = afterBoundary(spoiled);
    spoiled.recovery.stop = [`LOG:  recovery stopping before commit of transaction ${xid}, time ${time}`];
  }),
  sabotage(
    'stopped-elsewhere',
    'the transaction is right, the place in the WAL is another',
    { reds: [id] },
    (spoiled) => {
      const stop = there(spoiled.recovery.stop, 'words');
      spoiled.recovery.stop = stop.map((line) =>
        line.replace(/redo done at \S+/, `redo done at ${afterBoundary(spoiled).lsn}`),
      );
    },
  ),
  sabotage('target-off-by-one', 'the target names one transaction more than replay kept', { reds: [id] }, (spoiled) => {
    const { time } = there(spoiled.walOrder.boundary, 'boundary');
    const plan = there(spoiled.recovery.plan, 'plan');
    there(plan.target.kind === 'time' ? plan : undefined, 'time as target');
    plan.target = { kind: 'time', time, inclusive: true };
  }),
  sabotage('boundary-moved', 'the boundary is put one transaction later', { reds: [id, 'timeline'] }, (spoiled) => {
    const boundary = there(spoiled.walOrder.boundary, 'boundary');
    spoiled.walOrder.boundary = { ...afterBoundary(spoiled), timeline: boundary.timeline };
  }),
  sabotage(
    'history-of-another-stop',
    'the history file gives another reason for the branch',
    { reds: [id] },
    (spoiled) => {
      rewriteHistories(spoiled, (history) => {
        const branch = branchOf(history, spoiled.newTimeline);
        return historyText(
          history.ancestors.map((row) =>
            row === branch?.row ? { ...row, reason: 'no recovery target specified' } : row,
          ),
        );
      });
    },
  ),
  sabotage('ended-before-target', 'replay ran out of WAL before the target', { reds: [id] }, ({ recovery }) => {
    recovery.stop = ['FATAL:  recovery ended before configured recovery target was reached'];
  }),
  sabotage(
    'stopped-one-record-late',
    'replay took in the record at which it had to stop',
    { reds: [id, 'timeline'] },
    ({ cluster }) => {
      const records = there(cluster.branchRecords, 'records at the branch');
      const late = there(records.next, 'record after the branch');
      const lsn = formatLsn(parseLsn(late.lsn) + 0x30n);
      cluster.branchRecords = {
        ...records,
        last: late,
        next: { lsn, prev: late.lsn, rmgr: 'Heap', operation: 'INSERT' },
      };
    },
  ),
  sabotage(
    'second-restore-point',
    'replay stopped at the second of two restore points of one name',
    { reds: [id] },
    (spoiled) => {
      const lsn = atRestorePoint(spoiled, 'before the import');
      const earlier = there(spoiled.walOrder.boundary?.lastKept, 'last commit kept').lsn;
      there(spoiled.cluster.branchRecords, 'records').restorePoints = [earlier, lsn];
    },
  ),
  sabotage(
    'restore-point-not-looked-up',
    'nobody looked whether it is the first restore point of its name',
    { unverified: [id] },
    (spoiled) => {
      atRestorePoint(spoiled, 'before the import');
      delete spoiled.cluster.branchRecords?.restorePoints;
    },
  ),
  sabotage(
    'marked-row-missing',
    'a row that the drill committed before the boundary is gone',
    { reds: [id] },
    (spoiled) => marked(spoiled, []),
  ),
  sabotage('marked-row-too-many', 'the row of the very commit at the boundary came back', { reds: [id] }, (spoiled) =>
    marked(spoiled, ['kept', 'left out']),
  ),
  sabotage('marked-rows-not-read', 'the marked rows were not read on a replica', { unverified: [id] }, (spoiled) => {
    marked(spoiled, ['kept']);
    delete spoiled.cluster.marks?.[spoiled.replicaName];
  }),
  sabotage(
    'branch-not-read',
    'the records on both sides of the branch were not read',
    { unverified: [id, 'timeline'] },
    ({ cluster }) => {
      delete cluster.branchRecords;
    },
  ),
  sabotage('no-words', "the server's words about the stop were not kept", { unverified: [id] }, ({ recovery }) => {
    delete recovery.stop;
  }),
  sabotage(
    'no-commits-around',
    'the commits around the boundary were not kept',
    { unverified: [id] },
    ({ walOrder }) => {
      walOrder.around = [];
    },
  ),
];
