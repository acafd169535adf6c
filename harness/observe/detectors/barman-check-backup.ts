import type { Detector } from './detector';
import { wordsOf } from './program-words';

export const barmanCheckBackup: Detector = {
  name: 'barman-check-backup',
  head: 'cbk',
  title: 'barman check-backup of the base backup',
  wants: 'Barman',
  async look({ cluster: { barman }, backup }) {
    return wordsOf(await barman.barman(['check-backup', barman.server, backup.id], { check: false }));
  },
};
