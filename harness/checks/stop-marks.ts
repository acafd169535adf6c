import { compareLsn } from '../formats/lsn';
import type { ClusterEvidence } from '../record/evidence';
import type { Finding } from '../record/finding';
import type { Mark } from '../record/incident';
import type { RecoveryTarget } from '../record/recovery';
import type { ClusterPlace } from './place';

/**
 * Rows that the drill itself committed on either side of the target: those whose commits lie before the boundary are on
 * every member, the others on none. A drill that marked nothing has no such finding.
 * @param endsAtGap where the archive has a hole that recovery was asked to end at
 */
export function markFindings(
  { cluster, members, place }: ClusterPlace,
  marks: readonly Mark[],
  target: RecoveryTarget,
  endsAtGap?: string,
): Finding[] {
  if (marks.length === 0) return [];
  const boundary = cluster.ledger?.boundary;
  if (!boundary && target.kind !== 'latest') {
    return [place.unverified(`${marks.length} marked rows on the right side of the boundary`, 'no boundary was found')];
  }
  return members.map(({ name, place: at }) => {
    const [due, leftOut] = sides(marks, boundary?.lsn ?? endsAtGap);
    const expected = `marked rows, there: ${named(due)}; not there: ${named(leftOut)}`;
    const held = heldBy(cluster, name);
    if (!held) return at.unverified(expected, 'the marked rows were not read');
    const missing = due.filter((mark) => !held.has(mark.row));
    const tooMany = leftOut.filter((mark) => held.has(mark.row));
    if (missing.length + tooMany.length === 0) return at.ok(expected, 'so it is');
    const wrong = [
      ...missing.map((mark) => `${mark.name} is missing`),
      ...tooMany.map((mark) => `${mark.name} is there`),
    ];
    const where = [...missing, ...tooMany].map(
      (mark) => `${mark.name}: commit of ${mark.xid} at ${mark.lsn}, ${mark.time}`,
    );
    return at.failed(expected, wrong.join(', '), [`boundary: ${boundary?.lsn ?? endsAtGap ?? 'none'}`, ...where]);
  });
}

function sides(marks: readonly Mark[], boundary: string | undefined): [Mark[], Mark[]] {
  const isDue = (mark: Mark) => boundary === undefined || compareLsn(mark.lsn, boundary) < 0;
  return [marks.filter(isDue), marks.filter((mark) => !isDue(mark))];
}

function heldBy(cluster: ClusterEvidence, member: string): Set<string> | undefined {
  const rows = cluster.marks?.[member];
  return rows && new Set(rows);
}

function named(marks: readonly Mark[]): string {
  return marks.length === 0 ? 'none' : marks.map((mark) => mark.name).join(', ');
}
