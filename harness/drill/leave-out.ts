import { PgdrillError } from '../record/errors';
import type { Drill } from './spec';

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
