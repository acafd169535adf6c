import type { RecoveryResult } from '../record/recovery';
import type { Finding } from '../record/finding';
import type { Check } from './check';
import { everyCluster, Place, type ClusterPlace } from './place';
import { isolatedOnly, judgedWithoutLedger, withoutLedger } from './without-ledger';

/**
 * Oracle 2, as far as it can be told without a ledger: no member took writes any more once the recovery had to rely on
 * that, and the transactions that it leaves out are counted.
 */
export const fence: Check = {
  id: 'fence',
  version: 1,
  title: 'a write was refused on every member, and none was committed and left out unseen',
  oracle: 2,
  applies(episode, evidence) {
    if (withoutLedger(episode) && isolatedOnly(episode)) return 'the cluster goes on as it was, nothing is fenced yet';
    return judgedWithoutLedger(episode, evidence);
  },
  examine: (examined) => {
    const { recovery } = examined.episode;
    if (!recovery) return [new Place('fence', examined).unverified('every member fenced', 'no recovery is recorded')];
    return everyCluster('fence', examined, (at) => [refused(at, recovery), ...leftOut(at.place, recovery)]);
  },
};

function refused(
  { place, members }: ClusterPlace,
  { fence: seen = [], fencedAt, plan, node }: RecoveryResult,
): Finding {
  const cutover = plan?.fence === 'cutover';
  const expected = `a write refused on every member before the ${cutover ? 'cut-over' : 'restore'}`;
  if (fencedAt === undefined) return place.unverified(expected, 'the fence was never proven');
  const tried = new Set(seen.map(({ member }) => member));
  // At the cut-over the recovered node is the one that is to lead.
  const due = members.map(({ name }) => name).filter((name) => !(cutover && name === node));
  const untried = due.filter((name) => !tried.has(name));
  if (untried.length > 0) return place.unverified(expected, `not tried on ${untried.join(', ')}`);
  return place.ok(
    expected,
    `since ${fencedAt}`,
    seen.map(({ member, refused: words }) => `${member}: ${words}`),
  );
}

function leftOut(place: Place, { discarded, plan }: RecoveryResult): Finding[] {
  if (!discarded) return [];
  const { before, during } = discarded;
  const found = `${before} before the recovery began, which the target asks for; ${during} while it went on`;
  if (plan?.fence === 'cutover') return [place.ok('transactions that the recovery leaves out, counted', found)];
  const expected = 'no transaction committed after the recovery began and left out by it';
  return [during === 0 ? place.ok(expected, found) : place.failed(expected, found)];
}
