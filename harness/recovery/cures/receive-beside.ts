import { receiveBeside as receive } from '../../operations/archive-command-only';
import type { Cure } from '../healing/heal';

/** Barman, which took only what archive_command brings, receives WAL by streaming beside it. */
export function receiveBeside(): Cure {
  return {
    id: 'receive-beside',
    title: 'let Barman receive WAL by streaming beside archive_command',
    changes: true,
    async does(context) {
      await receive(context);
      return 'streaming_archiver is on, receive-wal is started';
    },
  };
}
