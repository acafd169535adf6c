import { listBackups } from '../../backup/base-backup';
import type { Detector } from './detector';

export const barmanListBackups: Detector = {
  name: 'barman-list-backups',
  head: 'lst',
  title: 'the status that barman list-backups gives each backup',
  wants: 'Barman',
  async look({ cluster, backup }) {
    const all = await listBackups(cluster);
    const gone = all.some(({ id }) => id === backup.id) ? [] : [{ text: `${backup.id} is not listed` }];
    const bad = all.filter(({ status }) => status !== 'DONE');
    return { complaints: [...bad.map(({ id, status }) => ({ text: `${id} - ${status}` })), ...gone] };
  },
};
