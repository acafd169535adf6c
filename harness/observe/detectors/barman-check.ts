import { checkServer } from '../../backup/base-backup';
import type { Detector } from './detector';

export const barmanCheck: Detector = {
  name: 'barman-check',
  head: 'bck',
  title: 'barman check of the server',
  wants: 'Barman',
  async look({ cluster }) {
    const failing = await checkServer(cluster);
    return {
      complaints: failing.map(({ name, hint }) => ({ text: `${name}: FAILED${hint ? ` (${hint})` : ''}`, key: name })),
    };
  },
};
