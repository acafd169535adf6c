import type { Detector } from './detector';
import { wordsOf } from './program-words';

export const pgBasebackup: Detector = {
  name: 'pg-basebackup',
  head: 'bas',
  title: 'pg_basebackup of the member, thrown away',
  wants: 'a running member, a walsender; reads every file, forces a checkpoint',
  ofMember: true,
  async look({ node }) {
    // With -X none it would wait until the last segment is archived, for ever where the archive is down.
    const command = 'exec "$0/pg_basebackup" -h /run/postgresql -U postgres -D - -F t -X fetch -c fast > /dev/null';
    const done = await node.exec(['env', 'LC_ALL=C', 'sh', '-c', command, node.binDir], {
      user: node.osUser,
      check: false,
      deadline: 'backup made',
    });
    return wordsOf(done, /WARNING|[Ee]rror|ERROR|FATAL/);
  },
};
