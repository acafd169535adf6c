import { sizeOf } from '../formats/intervals';
import type { EpisodeEvidence, LedgerEvidence } from '../record/evidence';
import type { Finding } from '../record/finding';
import { rpoOf } from './figures';
import { inconsistency, type LedgerSets } from './ledger-sets';
import { leftBehind } from './loss';
import { noBranch } from './no-branch';
import { shown } from './first-numbers';
import type { Place } from './place';

/** What the ledger says by itself, whatever the members hold: that it can be judged, and what it counts. */
export function ledgerAccount(
  place: Place,
  ledger: LedgerEvidence,
  sets: LedgerSets,
  episode: EpisodeEvidence,
  limit: number,
): Finding[] {
  return [
    ...footing(place, ledger, sets, episode),
    ...sources(place, ledger),
    episode.recovery?.loss
      ? leftBehind(place, ledger, sets, episode.recovery.loss)
      : abandoned(place, ledger, sets, limit),
    ...givenUp(place, ledger, sets),
  ];
}

/** Whether the ledger can tell anything at all. */
function footing(place: Place, ledger: LedgerEvidence, sets: LedgerSets, episode: EpisodeEvidence): Finding[] {
  const { recovery } = episode;
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
  const toLatest = recovery?.plan?.target.kind === 'latest' || recovery?.branch === 'promoted';
  if (!ledger.boundary && !toLatest) {
    findings.push(place.unverified('the boundary, from the WAL', 'was not found: what must be there is unknown'));
  }
  if (recovery?.outcome === 'done' && !noBranch(episode)) {
    const resumed = sizeOf(sets.resumed);
    const expected = 'writes acknowledged on the recovered leader';
    findings.push(resumed > 0 ? place.ok(expected, `${resumed}`) : place.unverified(expected, 'none'));
  }
  return findings;
}

/** Whether the ledger says where its order and its acknowledgements come from, and what it cost. */
function sources(place: Place, { placedOn, terms, load }: LedgerEvidence): Finding[] {
  const order = 'the order of commits, from the WAL of each timeline';
  const taken = 'which leader acknowledged what';
  const asked = 'the load that the drill put on the cluster';
  return [
    placedOn === undefined
      ? place.unverified(order, 'the ledger does not say which were read')
      : place.ok(
          order,
          placedOn.map(({ timeline, commits }) => `${commits} commits on timeline ${timeline}`).join(', '),
        ),
    terms === undefined
      ? place.unverified(taken, 'was not kept')
      : place.ok(taken, terms.map((term) => `${term.member} on ${term.timeline}: ${term.acknowledged}`).join(', ')),
    load === undefined
      ? place.unverified(asked, 'was not measured')
      : place.ok(
          asked,
          `${load.reachedPerSecond} of ${load.askedPerSecond} commits a second over ${seconds(load.writingMs)}; the drill itself used ${percent(load.cpuMs, load.writingMs)} of one core meanwhile, ${Math.round(load.peakRssBytes / 1e6)} MB at its peak`,
        ),
  ];
}

/** A failover may lose what was not yet on the standby that was promoted: the promise is the limit of the drill. */
function abandoned(place: Place, ledger: LedgerEvidence, sets: LedgerSets, limit: number): Finding {
  const count = sizeOf(sets.abandoned);
  const expected = `${limit === 0 ? 'no write' : `at most ${limit} writes`} left on a branch that the history does not have`;
  if (ledger.abandoned === undefined) return place.unverified(expected, 'was not looked at');
  if (count <= limit) return place.ok(expected, `${count} abandoned`);
  return place.failed(expected, `${count} abandoned`, [`abandoned: ${shown(sets.abandoned)}`]);
}

/** What the target itself gives up: counted, without a limit here. */
function givenUp(place: Place, ledger: LedgerEvidence, sets: LedgerSets): Finding[] {
  const rpoMs = rpoOf(ledger);
  const expected = 'RPO: from the last recovered commit to the last one acknowledged before the fence';
  return [
    place.ok(
      'counted, without a limit',
      `${sizeOf(sets.indeterminate)} indeterminate, ${sizeOf(sets.discardedBefore)} discarded before the fence`,
    ),
    rpoMs === undefined
      ? place.unverified(expected, 'one of the two is not known')
      : place.ok(
          expected,
          `${seconds(Math.max(0, rpoMs))}: ${ledger.lastRecovered} to ${ledger.lastAcknowledgedBeforeFence}`,
        ),
  ];
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}

function percent(part: number, whole: number): string {
  return whole === 0 ? 'nothing' : `${((part * 100) / whole).toFixed(1)} %`;
}
