import { parseHistoryReason } from '../formats/history-reason';
import { parseTimelineHistory } from '../formats/timeline-history';
import type { ClusterEvidence, EpisodeEvidence } from '../record/evidence';
import type { Finding } from '../record/finding';
import type { RecoveryResult } from '../record/recovery';
import { lookHistory } from './look';
import { whyAbsent, type ClusterPlace } from './place';

/**
 * Nothing was recovered to a point in time in the cluster itself: its history goes on, and of what was acknowledged nothing
 * is given up. Either rows were recovered beside it, or it healed, by itself or by an operator's hand.
 */
export function noBranch({ recovery }: Pick<EpisodeEvidence, 'recovery'>): boolean {
  return recovery?.branch !== undefined;
}

/** A recovery beside the cluster, whose rows were written to it like any others: the leader was never stopped. */
export function besideCluster({ recovery }: Pick<EpisodeEvidence, 'recovery'>): boolean {
  return recovery?.branch === 'none';
}

/** How many promotions the episode explains, beyond the switchover after it. */
export function promotionsOf({ recovery }: Pick<EpisodeEvidence, 'recovery'>): { least: number; most: number } {
  return recovery?.promotions ?? { least: 0, most: 0 };
}

/** Every member is on the history of before the accident, with as many promotions since as the episode explains. */
export function historyGoesOn({ place, cluster, members }: ClusterPlace, episode: EpisodeEvidence): Finding[] {
  const before = episode.incident?.before.timeline;
  const { least, most } = promotionsOf(episode);
  const switched = cluster.switchover ? 1 : 0;
  const but = [
    ...(most > 0 ? [`${least === most ? most : `${least} to ${most}`} promotion${most === 1 ? '' : 's'}`] : []),
    ...(switched > 0 ? ['one switchover'] : []),
  ];
  const expected = `timeline ${before ?? '?'} goes on as it was${but.length > 0 ? `, but for ${but.join(' and ')}` : ''}`;
  if (before === undefined || (cluster.historyBefore === undefined && before > 1))
    return [place.unverified(expected, 'the history before the accident was not read')];
  const rows = parseTimelineHistory(before, cluster.historyBefore ?? '').ancestors;
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
      ...(added.length > most + switched
        ? [`${added.length} timelines more than before, of which ${most + switched} are explained`]
        : []),
      ...(added.length < least + switched
        ? [`${added.length} timelines more than before, where ${least + switched} were to come`]
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
