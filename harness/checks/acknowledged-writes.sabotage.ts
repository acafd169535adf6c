import { formatIntervals, parseIntervals, subtract } from '../formats/intervals';
import { firstIn, sabotage, there, withMore, without } from './spoiled';

const id = 'acknowledged-writes';

export const acknowledgedWritesSabotages = [
  sabotage(
    'write-lost',
    'one acknowledged write from before the boundary is gone everywhere',
    { reds: [id, 'objectives'] },
    ({ members, ledger }) => {
      for (const member of members)
        member.ledger = without(member.ledger, firstIn(ledger.before, 'write before the boundary'));
    },
  ),
  sabotage(
    'write-lost-on-replica',
    'one acknowledged write is gone on one replica',
    { reds: [id, 'objectives'] },
    ({ replica, ledger }) => {
      replica.ledger = without(replica.ledger, firstIn(ledger.before, 'write before the boundary'));
    },
  ),
  sabotage(
    'write-half-there',
    'of one write of several rows only some are on one replica',
    { reds: [id] },
    ({ replica, ledger }) => {
      const half = firstIn(ledger.before, 'write before the boundary');
      replica.ledger = without(replica.ledger, half);
      replica.ledgerHalves = withMore(replica.ledgerHalves, half);
    },
  ),
  sabotage(
    'discarded-write-half-there',
    'of a write from after the boundary only some rows are there',
    { reds: [id] },
    ({ members, ledger }) => {
      const half = firstIn(ledger.discardedBefore, 'discarded write');
      for (const member of members) member.ledgerHalves = withMore(member.ledgerHalves, half);
    },
  ),
  sabotage(
    'write-abandoned',
    'an acknowledged write lies on a branch that the history had left before',
    { reds: [id, 'objectives'] },
    ({ members, ledger }) => {
      const write = firstIn(ledger.before, 'write before the boundary');
      ledger.before = without(ledger.before, write);
      ledger.abandoned = withMore(ledger.abandoned, write);
      for (const member of members) member.ledger = without(member.ledger, write);
    },
  ),
  sabotage('write-too-many', 'the first write after the boundary came back', { reds: [id] }, ({ members, ledger }) => {
    for (const member of members)
      member.ledger = withMore(member.ledger, firstIn(ledger.discardedBefore, 'discarded write'));
  }),
  sabotage('write-from-nowhere', 'a row that no writer ever sent', { reds: [id] }, ({ members, ledger }) => {
    for (const member of members) member.ledger = withMore(member.ledger, ledger.sent + 1_000_000);
  }),
  sabotage(
    'new-write-missing',
    'a write of the recovered leader is not on one replica',
    { reds: [id] },
    ({ cluster, replica, ledger }) => {
      const turn = parseIntervals(cluster.switchover?.acknowledged ?? '');
      const other = formatIntervals(subtract(parseIntervals(ledger.resumed), turn));
      replica.ledger = without(replica.ledger, firstIn(other, 'write of the recovered leader'));
    },
  ),
  sabotage(
    'doubtful-write-on-one',
    'a write without an answer is on the others and not on one replica',
    { reds: [id] },
    ({ replica, leader, ledger }) => {
      const doubtful = firstIn(ledger.indeterminate, 'write without an answer');
      leader.ledger = withMore(leader.ledger, doubtful);
      replica.ledger = without(replica.ledger, doubtful);
    },
  ),
  sabotage(
    'fence-lets-through',
    'a write was acknowledged after the fence and thrown away',
    { reds: [id] },
    ({ ledger }) => {
      const write = firstIn(ledger.discardedBefore, 'discarded write');
      ledger.discardedBefore = without(ledger.discardedBefore, write);
      ledger.discardedDuring = withMore(ledger.discardedDuring, write);
    },
  ),
  sabotage(
    'fence-not-proven',
    'nobody tried whether the members refuse writes',
    { unverified: [id] },
    ({ recovery, cluster }) => {
      there(cluster.ledger, 'ledger');
      delete recovery.fencedAt;
      delete recovery.fence;
    },
  ),
  sabotage('commit-not-in-wal', 'an acknowledged write has no commit record', { unverified: [id] }, ({ ledger }) => {
    const write = firstIn(ledger.before, 'write before the boundary');
    ledger.before = without(ledger.before, write);
    ledger.unplaced = withMore(ledger.unplaced, write);
  }),
  sabotage('ledger-forgets', 'acknowledged writes fell out of the ledger', { unverified: [id] }, ({ ledger }) => {
    ledger.discardedBefore = '';
  }),
  sabotage(
    'halves-not-read',
    'nobody looked for half transactions on a replica',
    { unverified: [id] },
    ({ replica }) => {
      there(replica.ledgerHalves, 'halves');
      delete replica.ledgerHalves;
    },
  ),
  sabotage('rows-not-noted', 'nobody noted which writes have several rows', { unverified: [id] }, ({ ledger }) => {
    there(ledger.multiRow, 'writes of several rows');
    delete ledger.multiRow;
  }),
  sabotage(
    'branches-not-looked-at',
    'nobody looked for writes on abandoned branches',
    { unverified: [id] },
    ({ ledger }) => {
      there(ledger.abandoned, 'abandoned writes');
      delete ledger.abandoned;
    },
  ),
  sabotage(
    'order-from-nowhere',
    'the ledger does not say which WAL its order is from',
    { unverified: [id] },
    ({ ledger }) => {
      there(ledger.placedOn, 'timelines read');
      delete ledger.placedOn;
    },
  ),
  sabotage(
    'terms-missing',
    'nobody kept which leader acknowledged what',
    { unverified: [id, 'roles'] },
    ({ ledger }) => {
      there(ledger.terms, 'terms');
      delete ledger.terms;
    },
  ),
  sabotage(
    'term-forgotten',
    'a leader acknowledged writes that the terms do not tell of',
    { unverified: [id] },
    ({ ledger }) => {
      there(ledger.terms?.at(-1), 'term').acknowledged -= 1;
    },
  ),
  sabotage(
    'load-not-measured',
    'nobody measured what the drill put on the cluster',
    { unverified: [id] },
    ({ ledger }) => {
      there(ledger.load, 'load');
      delete ledger.load;
    },
  ),
  sabotage(
    'no-ledger',
    'nobody kept what the writers were told',
    { unverified: [id, 'stop-point', 'roles', 'objectives'] },
    ({ cluster }) => {
      there(cluster.ledger, 'ledger');
      delete cluster.ledger;
    },
  ),
];
