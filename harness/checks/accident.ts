import type { Check } from './check';
import { Place } from './place';
import { stoppedBeforeAccident } from './applicability';
import { withoutLedger } from './without-ledger';

/** Oracle 1: without proof that the accident took effect, a recovery that "worked" proves nothing. */
export const accident: Check = {
  id: 'accident',
  version: 1,
  title: 'the accident took effect before the recovery began',
  oracle: 1,
  applies(episode, evidence) {
    if (withoutLedger(episode)) return 'no accident of a drill: pgdrill did not break this cluster';
    if (!stoppedBeforeAccident(evidence)) return true;
    return `the run ended in phase "${evidence.stopped?.phase}", before the accident`;
  },
  examine(examined) {
    const { incident } = examined.episode;
    const { stopped } = examined.evidence;
    const place = new Place('accident', examined, undefined, incident?.member);
    if (!incident) {
      const why = stopped ? `the run ended in phase "${stopped.phase}": ${stopped.what}` : 'no accident is recorded';
      return [place.unverified('an accident with the proof that it took effect', why)];
    }
    const { proof, before } = incident;
    const moment = `last moment before: ${before.time}, LSN ${before.lsn}, timeline ${before.timeline}; struck ${incident.struckAt}`;
    if (!proof.took) return [place.unverified(proof.expected, proof.found, [`accident: ${incident.title}`, moment])];
    return [place.ok(proof.expected, proof.found, [moment])];
  },
};
