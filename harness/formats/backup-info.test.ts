import { parseBackupInfo } from './backup-info';

describe('backup.info', () => {
  it('takes everything behind the first equals sign', () => {
    const info = parseBackupInfo(
      "backup_label='START WAL LOCATION: a=b\\n'\nsystemid=7710510215079346229\nstatus=DONE\n\n",
    );
    expect(info).toEqual({
      backup_label: "'START WAL LOCATION: a=b\\n'",
      systemid: '7710510215079346229',
      status: 'DONE',
    });
  });
});
