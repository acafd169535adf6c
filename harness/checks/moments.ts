import { microsTime, utcTime } from '../formats/timestamptz';
import type { EpisodeEvidence } from '../record/evidence';

/**
 * The moments of an episode that a person puts a finding between, on one line: the accident in full, what followed by its
 * time of day (UTC) and how long after. The same words in every finding of a cluster, so that a report says them once.
 * @param cluster the cluster whose writes are meant; default the first by name
 * @returns the line, `when: …`; none when nothing is known
 */
export function momentsLine({ incident, recovery, clusters }: EpisodeEvidence, cluster: string | undefined): string[] {
  const resumed = clusters[cluster ?? Object.keys(clusters).sort()[0] ?? '']?.ledger?.firstResumedAck;
  const later: [what: string, at: string | undefined][] = [
    ['fence', recovery?.fencedAt],
    [`${recovery?.node ?? 'recovered node'} leads`, recovery?.leaderSince],
    ['writes resumed', resumed],
  ];
  const struck = incident?.struckAt;
  const moments = [
    ...(struck === undefined ? [] : [`accident ${inUtc(struck)}`]),
    ...later.flatMap(([what, at]) => (at === undefined ? [] : [`${what} ${sinceThen(at, struck)}`])),
  ];
  return moments.length === 0 ? [] : [`when: ${moments.join('; ')}`];
}

function inUtc(time: string): string {
  try {
    return utcTime(time);
  } catch {
    return time;
  }
}

/** `05:51:05.700 (+3.5 s)`; in full where the two cannot be compared. */
function sinceThen(at: string, struck: string | undefined): string {
  if (struck === undefined) return inUtc(at);
  try {
    const seconds = Number(microsTime(at) - microsTime(struck)) / 1e6;
    const clock = /\d{2}:\d{2}:\d{2}\.\d{3}/.exec(utcTime(at))?.[0] ?? at;
    return `${clock} (${seconds < 0 ? '' : '+'}${seconds.toFixed(1)} s)`;
  } catch {
    return at;
  }
}
