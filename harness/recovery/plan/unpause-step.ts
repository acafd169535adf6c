import type { PlannedStep } from '../../record/recovery';
import type { PitrFacts } from './facts';
import { shellWord } from '../../formats/shell-word';
import { leaderOf } from './timelines';

/** The first step by which a member's Patroni is stopped: before it, Patroni has to be at work. */
const stopsPatroni = new Set(['isolate', 'fence']);

/**
 * Steps with one before them that resumes a paused Patroni: while it is paused, a stop of it leaves PostgreSQL running and
 * taking writes (Patroni's documentation, "Pause/Resume mode"). Where no Patroni is stopped, nothing is added: files made on
 * Barman's side need none of it.
 */
export function withUnpause(steps: readonly PlannedStep[], facts: PitrFacts): PlannedStep[] {
  const at = steps.findIndex((step) => stopsPatroni.has(step.id));
  if (at < 0) return [...steps];
  const member = leaderOf(facts) ?? facts.members[0];
  const container = member && (facts.places?.members[member.name]?.container ?? member.name);
  const resume: PlannedStep = {
    id: 'unpause',
    title: 'resume Patroni, which is paused',
    commands: [`docker exec ${shellWord(container ?? 'db1')} patronictl -c /etc/patroni/patroni.yml resume --wait`],
    changes: 'pause in the dynamic configuration',
    undo: 'pause it again',
  };
  return [...steps.slice(0, at), resume, ...steps.slice(at)];
}
