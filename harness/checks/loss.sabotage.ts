import type { Loss } from '../record/recovery';
import { boundOf } from './loss';
import { firstIn, sabotage, there, type Spoiled } from './spoiled';

const id = 'acknowledged-writes';

const lossOf = ({ recovery }: Spoiled): Loss => there(recovery.loss, 'failover with a loss');

/** What a failover lost; tried on `honestFailover`. */
export const lossSabotages = [
  sabotage(
    'loss-beyond-bound',
    'the old leader had written farther past the branch than a failover may lose',
    { reds: [id] },
    (spoiled) => {
      const loss = lossOf(spoiled);
      loss.leftBytes = String(boundOf(loss) + 1n);
    },
  ),
  sabotage(
    'loss-not-by-failover',
    'acknowledged writes are gone though the old leader had written nothing past the branch',
    { reds: [id] },
    (spoiled) => {
      firstIn(spoiled.ledger.abandoned ?? '', 'abandoned write');
      lossOf(spoiled).leftBytes = '0';
    },
  ),
  sabotage(
    'loss-under-synchronous',
    'a failover under synchronous replication lost acknowledged writes',
    { reds: [id, 'objectives'] },
    (spoiled) => {
      firstIn(spoiled.ledger.abandoned ?? '', 'abandoned write');
      lossOf(spoiled).mode = 'synchronous';
    },
  ),
  sabotage(
    'loss-not-measured',
    'a failover lost acknowledged writes and nobody measured how many it may',
    { reds: [id, 'objectives'] },
    (spoiled) => {
      lossOf(spoiled);
      delete spoiled.recovery.loss;
    },
  ),
  sabotage(
    'old-leader-wal-gone',
    'nobody can tell any more how far the old leader had written',
    { unverified: [id] },
    (spoiled) => {
      delete lossOf(spoiled).lastLsn;
      delete lossOf(spoiled).leftBytes;
    },
  ),
];
