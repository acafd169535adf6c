import type { ClusterEvidence, EpisodeEvidence, Evidence } from '../record/evidence';
import type { WalOrderEvidence } from '../record/ledger';
import { recoveryIsJudged } from './applicability';

/**
 * A recovery of a cluster that pgdrill did not load: `pgdrill pitr`. There is no accident of ours, no ledger and, unless
 * a person gives one, no baseline. It is said by the evidence itself, from its first event on: evidence of a drill that has
 * lost its ledger is not taken for this.
 */
export function withoutLedger({ verification }: EpisodeEvidence): boolean {
  return verification === 'without-ledger';
}

/** The recovered node runs by itself, outside Patroni, and waits there: mode `restore`. Everything else is as it was. */
export function isolatedOnly(episode: EpisodeEvidence): boolean {
  const { recovery } = episode;
  return withoutLedger(episode) && recovery?.outcome === 'waiting' && recovery.plan?.mode === 'restore';
}

/** Whether replay has come to its end, so that it can be told where. */
export function reachedTarget(episode: EpisodeEvidence): boolean {
  return episode.recovery?.outcome === 'done' || isolatedOnly(episode);
}

/** For checks of what only writers of pgdrill's own can tell. */
export function judgedByLedger(episode: EpisodeEvidence, evidence: Evidence): true | string {
  return withoutLedger(episode)
    ? 'no ledger (the cluster was not loaded by pgdrill)'
    : recoveryIsJudged(episode, evidence);
}

/** For checks of the cluster as a whole: they have to wait until the recovered node leads it. */
export function judgedInCluster(episode: EpisodeEvidence, evidence: Evidence): true | string {
  if (isolatedOnly(episode))
    return `${episode.recovery?.node ?? 'the recovered node'} is isolated and not the cluster's leader yet`;
  return recoveryIsJudged(episode, evidence);
}

/** For checks that there are for such recoveries only. */
export function judgedWithoutLedger(episode: EpisodeEvidence, evidence: Evidence): true | string {
  return withoutLedger(episode)
    ? recoveryIsJudged(episode, evidence)
    : 'a drill is judged by its ledger and its baseline';
}

/** Boundary and commits around it: with the ledger, or by themselves where none was kept. */
export function walOrderOf({ ledger, walOrder }: ClusterEvidence): WalOrderEvidence | undefined {
  return ledger ?? walOrder;
}

/** Whether a person expects something of the content: a baseline, or answers to queries. */
export function contentExpected(episode: EpisodeEvidence): { baseline: boolean; answers: boolean } {
  const clusters = Object.values(episode.clusters);
  return {
    baseline: clusters.some(({ baseline, baselineFrom }) => baseline !== undefined || baselineFrom !== undefined),
    answers: clusters.some((cluster) => (cluster.expected?.length ?? 0) > 0),
  };
}
