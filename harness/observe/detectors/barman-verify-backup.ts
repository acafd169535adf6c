import type { Detector } from './detector';
import { wordsOf } from './program-words';

export const barmanVerifyBackup: Detector = {
  name: 'barman-verify-backup',
  head: 'vbk',
  title: 'barman verify-backup of the base backup',
  wants: 'Barman with pg_verifybackup; reads the backup',
  async look({ cluster: { barman }, backup }) {
    const done = await barman.barman(['verify-backup', barman.server, backup.id], {
      check: false,
      deadline: 'archive read',
    });
    return wordsOf(done, /error|ERROR/);
  },
};
