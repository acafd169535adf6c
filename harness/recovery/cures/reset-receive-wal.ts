import { awaitReceiving } from '../../backup/await-receiving';
import { resetReceiving } from '../../backup/reset-receiving';
import type { Cure } from '../healing/heal';

/** Has receive-wal begin anew at the place where the leader writes now. */
export function resetReceiveWal(): Cure {
  return {
    id: 'reset-receive-wal',
    title: 'have receive-wal begin anew where the leader is',
    changes: true,
    async does({ run, cluster }) {
      const said = await resetReceiving(run, cluster);
      await awaitReceiving(run, cluster);
      return said;
    },
  };
}
