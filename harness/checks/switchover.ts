import { firstNumbers, parseIntervals, sizeOf, subtract, union } from '../formats/intervals';
import type { Check } from './check';
import { everyCluster, firstOf, SHOWN, whyAbsent } from './place';
import { judgedInCluster } from './without-ledger';

/** Oracle 10: a recovered cluster that loses a write at its next planned switchover was not recovered. */
export const switchover: Check = {
  id: 'switchover',
  version: 1,
  title: 'one switchover after the recovery loses no acknowledged write',
  oracle: 10,
  applies(episode, evidence) {
    const judged = judgedInCluster(episode, evidence);
    if (judged !== true) return judged;
    const clusters = Object.values(episode.clusters);
    if (clusters.length > 0 && clusters.every((cluster) => cluster.switchover === undefined)) {
      return 'no switchover was done after the recovery';
    }
    return true;
  },
  examine: (examined) =>
    everyCluster('switchover', examined, ({ place, cluster, members }) => {
      const seen = cluster.switchover;
      if (!seen) return [place.unverified('one switchover after the recovery', 'none was done on this cluster')];
      const turn = `${seen.from} → ${seen.to}`;
      if (seen.from === seen.to) return [place.failed('the leader moves to another member', `${turn}: it stayed`)];
      const acknowledged = parseIntervals(seen.acknowledged);
      const total = sizeOf(acknowledged);
      if (total === 0)
        return [place.unverified(`acknowledged writes around ${turn}`, 'none, so nothing could be lost')];
      return members.map(({ name, place: at, member }) => {
        const expected = `${total} writes acknowledged around ${turn}`;
        const toldMissing = seen.missing[name];
        if (toldMissing === undefined || member.ledger === undefined)
          return at.unverified(expected, whyAbsent(member, 'ledger'));
        const missing = union(parseIntervals(toldMissing), subtract(acknowledged, parseIntervals(member.ledger)));
        const lost = sizeOf(missing);
        if (lost === 0) return at.ok(expected, 'all there');
        return at.failed(expected, `${lost} missing`, [`missing: ${firstOf(firstNumbers(missing, SHOWN), lost)}`]);
      });
    }),
};
