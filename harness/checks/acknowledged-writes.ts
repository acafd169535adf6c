import { firstNumbers, sizeOf, type Intervals } from '../formats/intervals';
import type { EpisodeEvidence, LedgerEvidence } from '../record/evidence';
import type { Finding } from '../record/finding';
import type { Check } from './check';
import { recoveryIsJudged } from './applicability';
import { heldRows, inconsistency, ledgerSets, LEDGER_DATABASE, type LedgerSets } from './ledger-sets';
import { everyCluster, firstOf, SHOWN, whyAbsent, type ClusterPlace, type Place } from './place';

/** Oracle 2: the set of writes that clients were told were committed, against what each member holds. */
export const acknowledgedWrites: Check = {
  id: 'acknowledged-writes',
  version: 1,
  title: 'every acknowledged write before the boundary is on every member, none from the boundary on, all later ones',
  oracle: 2,
  applies: recoveryIsJudged,
  examine: (examined) =>
    everyCluster('acknowledged-writes', examined, (at) => {
      const { ledger } = at.cluster;
      if (!ledger) return [at.place.unverified('the ledger of what writers were told', 'no ledger was kept')];
      const sets = ledgerSets(ledger);
      const limit = examined.evidence.run.objectives.lostWrites;
      return [
        ...footing(at.place, ledger, sets, examined.episode),
        ...fence(at, sets, examined.episode),
        ...at.members.flatMap(({ name, place, member }) => {
          if (member.ledger === undefined) return [place.unverified("the member's ledger rows", whyAbsent(member))];
          return held(place, name, sets, member.ledger, limit);
        }),
        ...sameRows(at),
      ];
    }),
};

/** Whether the ledger can tell anything at all. */
function footing(place: Place, ledger: LedgerEvidence, sets: LedgerSets, { recovery }: EpisodeEvidence): Finding[] {
  const findings: Finding[] = [];
  const wrong = inconsistency(ledger, sets);
  if (wrong) findings.push(place.unverified('a ledger that adds up', wrong));
  if (ledger.acknowledged === 0)
    findings.push(place.unverified('acknowledged writes', 'none: nothing was put to the test'));
  const unplaced = sizeOf(sets.unplaced);
  if (unplaced > 0) {
    findings.push(
      place.unverified(
        'a commit record in the WAL for every acknowledged write',
        `${unplaced} without: their order is unknown`,
        [`unplaced: ${shown(sets.unplaced)}`],
      ),
    );
  }
  if (!ledger.boundary && recovery?.plan?.target.kind !== 'latest') {
    findings.push(place.unverified('the boundary, from the WAL', 'was not found: what must be there is unknown'));
  }
  if (recovery?.outcome === 'done') {
    const resumed = sizeOf(sets.resumed);
    const expected = 'writes acknowledged on the recovered leader';
    findings.push(resumed > 0 ? place.ok(expected, `${resumed}`) : place.unverified(expected, 'none'));
  }
  findings.push(
    place.ok(
      'counted, without a limit',
      `${sizeOf(sets.indeterminate)} indeterminate, ${sizeOf(sets.discardedBefore)} discarded before the fence`,
    ),
  );
  return findings;
}

/** Writes acknowledged after the fence are thrown away by the recovery: a fence that lets them through is none. */
function fence({ place, members }: ClusterPlace, sets: LedgerSets, { recovery }: EpisodeEvidence): Finding[] {
  const findings: Finding[] = [];
  const during = sizeOf(sets.discardedDuring);
  const expected = 'no write acknowledged after the fence and then discarded';
  if (during > 0) findings.push(place.failed(expected, `${during}`, [`discarded: ${shown(sets.discardedDuring)}`]));
  if (recovery?.outcome !== 'done') return findings;
  const refused = new Set((recovery.fence ?? []).map(({ member }) => member));
  const unproven = members.map(({ name }) => name).filter((name) => !refused.has(name));
  if (recovery.fencedAt === undefined) findings.push(place.unverified(expected, 'the fence was never proven'));
  else if (unproven.length > 0) {
    findings.push(
      place.unverified('a write refused on every member before the recovery', `not tried on ${unproven.join(', ')}`),
    );
  } else if (during === 0) findings.push(place.ok(expected, `none since ${recovery.fencedAt}`));
  return findings;
}

function held(place: Place, name: string, sets: LedgerSets, rows: string, limit: number): Finding[] {
  const { recovered, lost, phantom, resumedMissing } = heldRows(sets, rows);
  const allowed = limit === 0 ? '' : `, at most ${limit} missing`;
  return [
    judged(
      sizeOf(lost) <= limit,
      `${sizeOf(sets.before)} writes from before the boundary${allowed}`,
      `${sizeOf(recovered)} there, ${sizeOf(lost)} lost`,
      lost,
      'lost',
    ),
    judged(
      sizeOf(phantom) === 0,
      'no write from the boundary on, and none that nobody sent',
      `${sizeOf(phantom)} phantom`,
      phantom,
      'phantom',
    ),
    judged(
      sizeOf(resumedMissing) === 0,
      `${sizeOf(sets.resumed)} writes of the recovered leader`,
      `${sizeOf(resumedMissing)} missing`,
      resumedMissing,
      'missing',
    ),
  ];

  function judged(sound: boolean, expected: string, found: string, which: Intervals, word: string): Finding {
    if (sound) return place.ok(expected, found);
    return place.failed(expected, found, [
      `${word}: ${shown(which)}`,
      `look: on ${name}: psql -U postgres -h localhost -d ${LEDGER_DATABASE} -c "SELECT * FROM ledger.entry WHERE seq IN (${firstNumbers(which, SHOWN).join(', ')})"`,
    ]);
  }
}

/** Standbys are read at the leader's LSN or later, so even what may be there or not is there on all or on none. */
function sameRows({ place, members }: ClusterPlace): Finding[] {
  const read = members.filter(({ member }) => member.ledger !== undefined);
  const groups = new Map<string, string[]>();
  for (const { name, member } of read)
    groups.set(member.ledger ?? '', [...(groups.get(member.ledger ?? '') ?? []), name]);
  const expected = 'every member holds the same rows';
  if (groups.size <= 1) return read.length > 0 ? [place.ok(expected, 'the same')] : [];
  const detail = [...groups].map(
    ([rows, names]) => `${names.join(', ')}: ${rows.length > 200 ? `${rows.slice(0, 200)}…` : rows}`,
  );
  return [place.failed(expected, `${groups.size} different sets`, detail)];
}

function shown(set: Intervals): string {
  return firstOf(firstNumbers(set, SHOWN), sizeOf(set));
}
