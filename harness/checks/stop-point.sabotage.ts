import { compareLsn } from '../formats/lsn';
import type { WalCommit } from '../record/evidence';
import { branchOf } from './branch';
import { historyText, rewriteHistories } from './spoiled-history';
import { sabotage, there, type Spoiled } from './spoiled';

const id = 'stop-point';

/** The transaction after the boundary: what a recovery that is off by one stops at. */
function afterBoundary({ ledger }: Spoiled): WalCommit {
  const { lsn } = there(ledger.boundary, 'boundary');
  const later = ledger.around
    .filter((commit) => compareLsn(commit.lsn, lsn) > 0)
    .sort((a, b) => compareLsn(a.lsn, b.lsn));
  return there(later[0], 'commit after the boundary');
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
    const { time } = there(spoiled.ledger.boundary, 'boundary');
    there(spoiled.recovery.plan, 'plan').target = { kind: 'time', time, inclusive: true };
  }),
  sabotage('boundary-moved', 'the boundary is put one transaction later', { reds: [id, 'timeline'] }, (spoiled) => {
    const boundary = there(spoiled.ledger.boundary, 'boundary');
    spoiled.ledger.boundary = { ...afterBoundary(spoiled), timeline: boundary.timeline };
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
  sabotage('no-words', "the server's words about the stop were not kept", { unverified: [id] }, ({ recovery }) => {
    delete recovery.stop;
  }),
  sabotage('no-commits-around', 'the commits around the boundary were not kept', { unverified: [id] }, ({ ledger }) => {
    ledger.around = [];
  }),
];
