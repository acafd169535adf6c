import { parseHistoryReason } from '../formats/history-reason';
import { parseTimelineHistory } from '../formats/timeline-history';
import type { ClusterEvidence, EpisodeEvidence } from '../record/evidence';
import type { Finding } from '../record/finding';
import type { RecoveryResult } from '../record/recovery';
import { lookHistory } from './look';
import { whyAbsent, type ClusterPlace } from './place';

/**
 * A recovery beside the cluster, whose rows were written to it like any others: the leader was never stopped, the history
 * goes on as it was, and of what was acknowledged nothing is given up.
 */
export function noBranch({ recovery }: Pick<EpisodeEvidence, 'recovery'>): boolean {
  return recovery?.branch === 'none';
}

/** Every member is on the history of before the accident; one switchover may have added to it, in the end. */
export function historyGoesOn({ place, cluster, members }: ClusterPlace, { incident }: EpisodeEvidence): Finding[] {
  const before = incident?.before.timeline;
  const expected = `timeline ${before ?? '?'} goes on as it was${cluster.switchover ? ', but for one switchover' : ''}`;
  if (before === undefined || (cluster.historyBefore === undefined && before > 1))
    return [place.unverified(expected, 'the history before the accident was not read')];
  const rows = parseTimelineHistory(before, cluster.historyBefore ?? '').ancestors;
  const promotions = cluster.switchover ? 1 : 0;
  return members.map(({ name, place: at, member }) => {
    if (member.timeline === undefined) return at.unverified(expected, whyAbsent(member, 'server'));
    if (member.history === undefined && member.timeline > 1)
      return at.unverified(expected, `timeline ${member.timeline}, its history was not read`);
    const now = parseTimelineHistory(member.timeline, member.history ?? '');
    const same = rows.every(
      (row, index) => now.ancestors[index]?.timeline === row.timeline && now.ancestors[index].endLsn === row.endLsn,
    );
    const added = now.ancestors.slice(rows.length);
    const problems = [
      ...(same ? [] : ['its ancestors are others than before']),
      ...(same && added[0] && added[0].timeline !== before ? [`it left timeline ${added[0].timeline}`] : []),
      ...(added.length > promotions
        ? [`${added.length} timelines more than before, of which ${promotions} are explained`]
        : []),
      ...added
        .filter((row) => parseHistoryReason(row.reason).kind !== 'none')
        .map((row) => `timeline ${row.timeline} ended by a recovery: ${row.reason}`),
      ...(now.timeline < before ? [`it is on timeline ${now.timeline}`] : []),
    ];
    const found = [...now.ancestors.map((row) => `${row.timeline} until ${row.endLsn}`), `${now.timeline}`].join(' → ');
    return problems.length === 0
      ? at.ok(expected, found)
      : at.failed(expected, problems.join('; '), [`history: ${found}`, lookHistory(name)]);
  });
}

/** The reason that the server aside wrote into its own history, which no member and no archive has. */
export function asideReason({ rescue }: RecoveryResult): string | undefined {
  if (!rescue) return undefined;
  const { timeline, history } = rescue.aside;
  return parseTimelineHistory(timeline, history).ancestors.at(-1)?.reason;
}

/** Where replay of the server aside left the cluster's history; of another recovery, where its branch did. */
export function replayedUntil({ branchLsn, rescue }: RecoveryResult): string | undefined {
  return rescue?.aside.branchLsn ?? branchLsn;
}

/** Whether a planned switchover explains what `barman check` said for a moment: its receiver follows the leader. */
export function switchedOver(clusters: Record<string, ClusterEvidence>): boolean {
  return Object.values(clusters).some((cluster) => cluster.switchover !== undefined);
}
