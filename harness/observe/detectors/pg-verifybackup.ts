import type { Detector } from './detector';
import { wordsOf } from './program-words';

export const pgVerifybackup: Detector = {
  name: 'pg-verifybackup',
  head: 'vfy',
  title: 'pg_verifybackup -n of the base backup, by its manifest',
  wants: "the server's programs on Barman's host; reads the backup, not the WAL",
  async look({ cluster: { barman }, backup }) {
    const done = await barman.exec(
      ['env', 'LC_ALL=C', barman.program('pg_verifybackup'), '-n', `${barman.home}/base/${backup.id}/data`],
      { user: barman.user, check: false, deadline: 'archive read' },
    );
    return wordsOf(done);
  },
};
