import { parseTimelineHistory, sameBranch, type TimelineHistory } from '../formats/timeline-history';
import type { ArchiveEvidence } from '../record/evidence';
import type { Finding } from '../record/finding';
import { lookBarman } from './look';
import type { Place } from './place';

/** A hole in the histories makes a later `latest` replay the accident in silence: recovery stops probing there. */
export function historyFindings(place: Place, seen: ArchiveEvidence, history: TimelineHistory | undefined): Finding[] {
  const findings: Finding[] = [];
  const look = lookBarman(`bash -c 'head -v /var/lib/barman/${seen.server}/wals/*.history'`);
  if (seen.missingHistories.length > 0) {
    findings.push(
      place.failed('the history file of every timeline', `missing for ${seen.missingHistories.join(', ')}`, [look]),
    );
  }
  if (!history) return [...findings, place.unverified('the histories in force on the leader', 'were not read')];
  const passed = [...history.ancestors.map((row) => row.timeline), history.timeline].filter((timeline) => timeline > 1);
  const absent = passed.filter((timeline) => seen.histories[String(timeline)] === undefined);
  const other = passed.filter((timeline) => {
    const text = seen.histories[String(timeline)];
    return text !== undefined && !agrees(timeline, text, history);
  });
  const expected = `histories of timelines ${passed.join(', ') || '(none)'} as the leader has them`;
  if (absent.length > 0) findings.push(place.failed(expected, `not there: ${absent.join(', ')}`, [look]));
  if (other.length > 0) {
    findings.push(
      place.failed(expected, `of another branch: ${other.join(', ')}`, [
        ...other.map(
          (timeline) => `${timeline}: ${seen.histories[String(timeline)]?.trim().replace(/\s*\n\s*/g, ' | ')}`,
        ),
        look,
      ]),
    );
  }
  if (absent.length === 0 && other.length === 0) findings.push(place.ok(expected, 'all there'));
  return findings;
}

function agrees(timeline: number, text: string, history: TimelineHistory): boolean {
  try {
    return sameBranch(parseTimelineHistory(timeline, text), history);
  } catch {
    // A history file that recovery could not read is no history of this branch.
    return false;
  }
}
