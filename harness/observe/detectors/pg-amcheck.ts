import type { Detector } from './detector';
import { wordsOf } from './program-words';

export const pgAmcheck: Detector = {
  name: 'pg-amcheck',
  head: 'amc',
  title: 'pg_amcheck --heapallindexed of the database',
  wants: 'a running member with the extension amcheck; reads tables and B-tree indexes',
  ofMember: true,
  async look({ node, database }) {
    const done = await node.exec(
      [
        'env',
        'LC_ALL=C',
        `${node.binDir}/pg_amcheck`,
        '-h',
        '/run/postgresql',
        '-U',
        'postgres',
        '-d',
        database,
        '--heapallindexed',
      ],
      { user: node.osUser, check: false },
    );
    return wordsOf(done);
  },
};
