import { parseTimelineHistory, type TimelineAncestor } from '../../formats/timeline-history';
import { messageOf, PgdrillError } from '../../record/errors';
import type { Site } from '../site';

/**
 * Notes where the promoted server left its parent, in its own words: timeline, place, reason.
 * @returns the same in one line
 * @throws PGDRILL_TARGET_OFF_TIMELINE
 */
export async function noteBranch({ node, result }: Site): Promise<string> {
  result.newTimeline = await node.writtenTimeline();
  const branch = branchIn(result.newTimeline, await node.history(result.newTimeline));
  if (branch) result.branchLsn = branch.endLsn;
  result.stop = recoveryWords(await node.serverLog());
  return `timeline ${result.newTimeline} from ${result.branchLsn ?? '?'}: ${branch?.reason ?? 'no reason given'}`;
}

/**
 * The row by which the new timeline left its parent.
 * @throws PGDRILL_TARGET_OFF_TIMELINE where the history goes backwards: PostgreSQL stopped on an ancestor and wrote all the
 * same that it left the target's timeline
 */
function branchIn(timeline: number, text: string): TimelineAncestor | undefined {
  try {
    return parseTimelineHistory(timeline, text).ancestors.at(-1);
  } catch (cause) {
    throw new PgdrillError(
      'PGDRILL_TARGET_OFF_TIMELINE',
      `replay stopped before the target's timeline began, and left a history that names no branch: ${messageOf(cause)}`,
      "choose a target on the target's timeline; the old data directory is still beside the new one",
      { cause },
    );
  }
}

/** What the server log says of its last recovery, line by line. */
export function recoveryWords(log: string): string[] {
  const lines = log.split('\n');
  const begin = lines.findLastIndex((line) => /LOG: {2}starting (point-in-time|archive) recovery/.test(line));
  return lines
    .slice(Math.max(begin, 0))
    .filter((line) =>
      /LOG: {2}(starting|redo|consistent|recovery stopping|pausing|last completed|selected new|archive recovery)/.test(
        line,
      ),
    );
}
