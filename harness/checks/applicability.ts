import type { EpisodeEvidence, Evidence } from '../record/evidence';

/** Phases of a run in which nothing has been broken yet: what stops there is `not-run`. */
const PHASES_BEFORE_ACCIDENT: readonly string[] = ['machine', 'images', 'boot', 'load', 'ledger', 'backup', 'before'];

/** Whether the run stopped before it broke anything: there is nothing to judge. */
export function stoppedBeforeAccident(evidence: Evidence): boolean {
  const { stopped, episodes } = evidence;
  return (
    stopped !== undefined &&
    PHASES_BEFORE_ACCIDENT.includes(stopped.phase) &&
    episodes.every((episode) => episode.incident === undefined)
  );
}

/** Whether the accident is shown to have taken effect. */
export function accidentProven(episode: EpisodeEvidence): boolean {
  return episode.incident?.proof.took === true;
}

/** Whether an episode has a recovery to judge; a text says why not. Shared by all checks but that of the accident. */
export function recoveryIsJudged(episode: EpisodeEvidence, evidence: Evidence): true | string {
  if (stoppedBeforeAccident(evidence))
    return `the run ended in phase "${evidence.stopped?.phase}", before the accident`;
  if (episode.expectation.kind === 'refused')
    return 'the recovery is expected to be refused: there is nothing recovered';
  if (!accidentProven(episode) && episode.recovery === undefined) {
    return episode.verification === 'without-ledger'
      ? 'nothing was recovered'
      : 'the accident has no proof, so nothing was recovered';
  }
  return true;
}
