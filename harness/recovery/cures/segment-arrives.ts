import { switchAndArchive } from '../../backup/wal-archive';
import type { Cure } from '../healing/heal';

/** Finishes a segment and waits until Barman holds it: the archive works again, whatever it lacks of before. */
export function segmentArrives(): Cure {
  return {
    id: 'segment-arrives',
    title: 'finish a segment and wait until Barman holds it',
    async does({ run, cluster }) {
      return `${await switchAndArchive(run, cluster.barman, await cluster.leader())} is archived`;
    },
  };
}
