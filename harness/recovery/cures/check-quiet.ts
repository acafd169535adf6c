import { checkServer } from '../../backup/base-backup';
import { demand } from '../../operations/symptom';
import type { Cure } from '../healing/heal';

/** Shows that `barman check` finds nothing, though something is wrong. @throws PGDRILL_NOT_SHOWN where it does */
export function checkQuiet(): Cure {
  return {
    id: 'check-quiet',
    title: 'look whether barman check finds it',
    async does({ cluster, symptoms }) {
      const failing = await checkServer(cluster);
      demand(failing.length === 0, 'barman check to find nothing', JSON.stringify(failing));
      symptoms.push('barman check: every line OK');
      return 'every line OK';
    },
  };
}
