import { compareLsn } from '../formats/lsn';
import { endsTimeline, segmentsNeeded, type TimelineHistory } from '../formats/timeline-history';
import type { ArchiveEvidence } from '../record/evidence';
import type { Finding } from '../record/finding';
import { lookBarman } from './look';
import { firstOf, SHOWN, type ClusterPlace, type Place } from './place';

/**
 * Every segment from the begin of the chosen backup to now, one for each segment number: the copy of the timeline that owns
 * it by history. The parent's copy of the segment in which a branch lies is not needed, nor is any that came after it.
 */
export function segmentFindings(
  { place, cluster }: ClusterPlace,
  seen: ArchiveEvidence,
  history: TimelineHistory | undefined,
): Finding[] {
  const { needed, missing, damaged } = seen.segments;
  const expected = `every segment from ${seen.fromLsn} to ${seen.toLsn}`;
  const findings: Finding[] = [];
  const begin = cluster.backup?.beginLsn;
  if (begin === undefined)
    findings.push(place.unverified('the archive from the begin of the chosen backup', 'no backup is recorded'));
  else if (compareLsn(seen.fromLsn, begin) > 0) {
    findings.push(
      place.unverified(
        `the archive from the begin of the chosen backup, ${begin}`,
        `it was walked from ${seen.fromLsn} on`,
      ),
    );
  }
  const due = history ? segmentsNeeded(history, seen.fromLsn, seen.toLsn, seen.segmentSize).length : 1;
  if (needed < Math.max(1, due)) findings.push(place.unverified(expected, `${needed} of ${due} were looked for`));
  findings.push(...missingSegments(place, seen, missing, expected));
  if (damaged.length > 0) {
    findings.push(
      place.failed(`${expected}, readable to its end`, `${damaged.length} damaged`, [
        ...damaged.slice(0, SHOWN).map(({ segment, error }) => `${segment}: ${error}`),
        lookBarman(`bash -c 'pg_waldump -q $(find /var/lib/barman/${seen.server}/wals -name ${damaged[0]?.segment})'`),
      ]),
    );
  }
  if (findings.length === 0) findings.push(place.ok(expected, `${needed} there and readable`));
  return [...findings, ...partialFindings(place, seen, history)];
}

/** A segment of which only a piece is there is named as such: recovery cannot read it by its name. */
function missingSegments(place: Place, seen: ArchiveEvidence, missing: readonly string[], expected: string): Finding[] {
  const pieces = new Set([...(seen.partial?.receiving ?? []), ...(seen.partial?.endOfTimeline ?? [])]);
  const inPart = missing.filter((segment) => pieces.has(`${segment}.partial`));
  const absent = missing.filter((segment) => !inPart.includes(segment));
  const look = lookBarman(`barman list-files --target wal ${seen.server} latest`);
  const findings: Finding[] = [];
  if (absent.length > 0) {
    findings.push(
      place.failed(expected, `${absent.length} of ${seen.segments.needed} missing`, [...absent.slice(0, SHOWN), look]),
    );
  }
  if (inPart.length > 0) {
    findings.push(
      place.failed(`${expected}, whole`, `${inPart.length} there in part only`, [
        ...inPart.slice(0, SHOWN).map((segment) => `${segment}.partial`),
        look,
      ]),
    );
  }
  return findings;
}

/**
 * Neither kind of `.partial` is a hole: receive-wal's current one is not finished, and the last piece of a timeline that
 * was left is in the child's copy of the segment, too. Both are named, so that nobody takes one for the other.
 */
function partialFindings(
  place: Place,
  { partial, segmentSize }: ArchiveEvidence,
  history: TimelineHistory | undefined,
): Finding[] {
  const expected = 'segments that are there in part, listed by kind';
  if (!partial) return [place.unverified(expected, 'were not looked for')];
  const { receiving, endOfTimeline } = partial;
  const own = endOfTimeline.filter((name) => history && endsTimeline(history, name, segmentSize));
  const other = endOfTimeline.filter((name) => !own.includes(name));
  return [
    place.ok(expected, `${receiving.length} being received, ${endOfTimeline.length} at the end of a timeline`, [
      ...(receiving.length > 0 ? [`being received: ${firstOf(receiving)}`] : []),
      ...(own.length > 0 ? [`end of a timeline that the history passed: ${firstOf(own)}`] : []),
      ...(other.length > 0 ? [`end of a timeline that the history does not pass: ${firstOf(other)}`] : []),
    ]),
  ];
}
