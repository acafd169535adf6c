import { formatLsn, parseLsn } from '../formats/lsn';
import type { TimelineHistory } from '../formats/timeline-history';
import { branchOf } from './branch';
import { historyOf, historyText, rewriteHistories } from './spoiled-history';
import { sabotage, there, type Spoiled } from './spoiled';

const id = 'timeline';

/** The history of a branch with the same numbers, which an old replica makes when it promotes itself. */
function otherBranch(history: TimelineHistory, newTimeline: number): string {
  const branch = there(branchOf(history, newTimeline), 'branch');
  const endLsn = formatLsn(parseLsn(branch.row.endLsn) - 0x108n);
  return historyText(
    history.ancestors.map((row) =>
      row === branch.row ? { ...row, endLsn, reason: 'no recovery target specified' } : row,
    ),
  );
}

function toTimeline({ members }: Spoiled, timeline: number): void {
  for (const member of members) {
    member.timeline = timeline;
    if (member.rest) member.rest.timeline = timeline;
    if (member.receiver) member.receiver.timeline = timeline;
  }
}

export const timelineSabotages = [
  sabotage(
    'same-number-other-branch',
    'a replica is on another branch of the same number',
    { reds: [id] },
    (spoiled) => {
      spoiled.replica.history = otherBranch(historyOf(spoiled.replica), spoiled.newTimeline);
    },
  ),
  sabotage(
    'whole-cluster-on-other-branch',
    'the accident was promoted to the very number of the recovery',
    { reds: [id, 'stop-point', 'archive'] },
    (spoiled) => {
      for (const member of spoiled.members) member.history = otherBranch(historyOf(member), spoiled.newTimeline);
    },
  ),
  sabotage(
    'old-timeline-kept',
    'a replica follows the timeline that was left',
    { reds: [id, 'members'] },
    ({ replica, recovery, cluster }) => {
      const parent = there(recovery.plan, 'plan').targetTimeline;
      replica.timeline = parent;
      if (cluster.historyBefore === undefined) delete replica.history;
      else replica.history = cluster.historyBefore;
      there(replica.receiver, 'receiver').timeline = parent;
    },
  ),
  sabotage(
    'unexplained-promotion',
    'one promotion more than recovery, Patroni and switchover account for',
    { reds: [id] },
    (spoiled) => {
      const last = historyOf(spoiled.leader);
      const end = formatLsn(parseLsn(there(last.ancestors.at(-1), 'branch').endLsn) + 0x1000n);
      const more = historyText([
        ...last.ancestors,
        { timeline: last.timeline, endLsn: end, reason: 'no recovery target specified' },
      ]);
      toTimeline(spoiled, last.timeline + 1);
      for (const member of spoiled.members) member.history = more;
      spoiled.archive.histories[String(last.timeline + 1)] = more;
    },
  ),
  sabotage('recovered-twice', 'another recovery to a target followed the first', { reds: [id] }, (spoiled) => {
    rewriteHistories(spoiled, (history) => {
      const rows = history.ancestors.map((row) =>
        row.timeline === spoiled.newTimeline ? { ...row, reason: 'before transaction 99' } : row,
      );
      return historyText(rows);
    });
  }),
  sabotage(
    'parent-goes-on-elsewhere',
    'the parent has another record at the branch than the one that stopped replay',
    { reds: [id] },
    ({ cluster }) => {
      const record = there(cluster.parentRecord, "parent's record");
      record.lsn = formatLsn(parseLsn(record.lsn) + 0x128n);
    },
  ),
  sabotage('wrong-system-id', 'a replica belongs to another system', { reds: [id] }, ({ replica }) => {
    replica.systemIdentifier = '7000000000000000001';
  }),
  sabotage('history-not-read', 'nobody read the history of a replica', { unverified: [id] }, ({ replica }) => {
    delete replica.history;
  }),
];

export const recoverySabotages = [
  sabotage(
    'recovery-never-run',
    'nothing was recovered: the accident is still there, and nothing is broken otherwise',
    { reds: ['acknowledged-writes', 'stop-point', 'content', id, 'archive'] },
    (spoiled) => {
      const { cluster, episode, ledger, members, archive } = spoiled;
      episode.recovery = { strategy: spoiled.recovery.strategy, outcome: 'skipped', durationMs: 0 };
      delete cluster.switchover;
      delete archive.freshBackup;
      toTimeline(spoiled, episode.incident?.before.timeline ?? cluster.bootTimeline);
      for (const member of members) {
        if (cluster.historyBefore === undefined) delete member.history;
        else member.history = cluster.historyBefore;
        member.ledger = `1-${ledger.sent}`;
        for (const table of Object.values(spoiled.content(member).tables))
          Object.assign(table, { rows: '0', sum: '0', buckets: {} });
      }
    },
  ),
];
