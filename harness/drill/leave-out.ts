import { PgdrillError } from '../record/errors';
import type { Drill } from './spec';

/**
 * The drill as it is asked for: less what is to be left out, and where that is a sabotage, under a name of its own and expected red.
 * Pure.
 * @param asked.without ids of cures
 * @throws PGDRILL_CURE_UNKNOWN
 */
export function variantOf(given: Drill, asked: { without?: readonly string[]; expectRed?: boolean }): Drill {
  const { without = [], expectRed = false } = asked;
  const left = leavingOut(given, without);
  const drill = without.length > 0 ? { ...left, title: `${left.title}; without ${without.join(', ')}` } : left;
  if (!expectRed) return drill;
  const id = [drill.id, ...without.map((cure) => `without-${cure}`)].join('-');
  return { ...drill, id, episodes: [{ ...drill.episodes[0], expect: { kind: 'red' } }] };
}

/**
 * The drill with some of its cures left out: what comes of a step that is forgotten. Pure.
 * @param cures ids, as the recovery's steps are shown
 * @throws PGDRILL_CURE_UNKNOWN naming those that it has
 */
export function leavingOut(drill: Drill, cures: readonly string[]): Drill {
  if (cures.length === 0) return drill;
  const [episode] = drill.episodes;
  const { recovery } = episode;
  const has = (recovery.cures ?? []).map(({ id }) => id);
  const unknown = cures.filter((id) => !has.includes(id));
  if (!recovery.without || unknown.length > 0) {
    throw new PgdrillError(
      'PGDRILL_CURE_UNKNOWN',
      `drill "${drill.id}" has no cure ${unknown.join(', ')} to leave out`,
      has.length > 0 ? `its cures: ${has.join(', ')}` : 'its recovery is not made of cures',
    );
  }
  return { ...drill, episodes: [{ ...episode, recovery: recovery.without(cures) }] };
}
