import { firstNumbers, intersect, parseIntervals, sizeOf, union, type Intervals } from '../formats/intervals';
import type { EpisodeEvidence, LedgerEvidence, MemberEvidence } from '../record/evidence';
import type { Finding } from '../record/finding';
import type { Check } from './check';
import { shown } from './first-numbers';
import { ledgerAccount } from './ledger-account';
import { classesOn, ledgerSets, LEDGER_DATABASE, type LedgerSets } from './ledger-sets';
import { lookSql } from './look';
import { noBranch } from './no-branch';
import { everyCluster, SHOWN, whyAbsent, type ClusterPlace, type Place } from './place';
import { judgedByLedger } from './without-ledger';

/** Oracle 2: the set of transactions that clients were told were committed, against what each member holds. */
export const acknowledgedWrites: Check = {
  id: 'acknowledged-writes',
  version: 2,
  title: 'every acknowledged write before the boundary is on every member, none from the boundary on, all later ones',
  oracle: 2,
  applies: judgedByLedger,
  examine: (examined) =>
    everyCluster('acknowledged-writes', examined, (at) => {
      const { ledger } = at.cluster;
      if (!ledger) return [at.place.unverified('the ledger of what writers were told', 'no ledger was kept')];
      const sets = ledgerSets(ledger);
      const limit = examined.evidence.run.objectives.lostWrites;
      return [
        ...ledgerAccount(at.place, ledger, sets, examined.episode, limit),
        ...fence(at, sets, examined.episode),
        ...at.members.flatMap(({ name, place, member }) => {
          if (member.ledger === undefined)
            return [place.unverified("the member's ledger rows", whyAbsent(member, 'ledger'))];
          return [...held(place, name, sets, member, limit), halves(place, name, ledger, sets, member)];
        }),
        ...sameRows(at),
      ];
    }),
};

/** Writes acknowledged after the fence are thrown away by the recovery: a fence that lets them through is none. */
function fence({ place, members }: ClusterPlace, sets: LedgerSets, episode: EpisodeEvidence): Finding[] {
  const { recovery } = episode;
  const findings: Finding[] = [];
  if (noBranch(episode)) return [nothingGivenUp(place, sets)];
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

/** Where the history goes on, nothing of what was acknowledged on it is given up, and no fence is needed for that. */
function nothingGivenUp(place: Place, sets: LedgerSets): Finding {
  const expected = 'no acknowledged write given up, as the history goes on';
  const givenUp = union(sets.discardedBefore, sets.discardedDuring);
  const count = sizeOf(givenUp);
  return count === 0 ? place.ok(expected, 'none') : place.failed(expected, `${count}`, [`given up: ${shown(givenUp)}`]);
}

function held(place: Place, name: string, sets: LedgerSets, member: MemberEvidence, limit: number): Finding[] {
  const { recovered, lost, phantom, resumedMissing } = classesOn(sets, member);
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
    return place.failed(expected, found, [`${word}: ${shown(which)}`, lookAt(name, which)]);
  }
}

/** A transaction is there whole or not at all, whatever its class: half of one is no state that a database may be in. */
function halves(place: Place, name: string, ledger: LedgerEvidence, sets: LedgerSets, member: MemberEvidence): Finding {
  const expected = 'no half transaction';
  if (member.ledgerHalves === undefined) return place.unverified(expected, whyAbsent(member, 'ledger'));
  const { half } = classesOn(sets, member);
  if (sizeOf(half) > 0)
    return place.failed(expected, `${sizeOf(half)} there by half`, [`half: ${shown(half)}`, lookAt(name, half)]);
  if (ledger.multiRow === undefined) return place.unverified(expected, 'nobody noted which have more than one row');
  const several = intersect(parseIntervals(ledger.multiRow), union(sets.before, sets.resumed));
  return place.ok(expected, `none; ${sizeOf(several)} that must be there have several rows`);
}

function lookAt(name: string, which: Intervals): string {
  const numbers = firstNumbers(which, SHOWN).join(', ');
  return lookSql(name, `SELECT * FROM ledger.entry WHERE seq IN (${numbers})`, LEDGER_DATABASE);
}

/** Standbys are read at the leader's LSN or later, so even what may be there or not is there on all or on none. */
function sameRows({ place, members }: ClusterPlace): Finding[] {
  const read = members.filter(({ member }) => member.ledger !== undefined);
  const groups = new Map<string, string[]>();
  for (const { name, member } of read) {
    const rows = `${member.ledger ?? ''}${member.ledgerHalves ? ` and half of ${member.ledgerHalves}` : ''}`;
    groups.set(rows, [...(groups.get(rows) ?? []), name]);
  }
  const expected = 'every member holds the same rows';
  if (groups.size <= 1) return read.length > 0 ? [place.ok(expected, 'the same')] : [];
  const detail = [...groups].map(
    ([rows, names]) => `${names.join(', ')}: ${rows.length > 200 ? `${rows.slice(0, 200)}…` : rows}`,
  );
  return [place.failed(expected, `${groups.size} different sets`, detail)];
}
