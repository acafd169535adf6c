import { restoreCommand } from './recovery-settings';

describe('restore_command', () => {
  const source = { server: 'patroni1', partial: false };

  test('what lies beside the data first, then Barman; a Barman that cannot be reached is no end of the archive', () => {
    expect(restoreCommand('barman-wal-restore', source)).toBe(
      'cp barman_wal/%f %p 2>/dev/null || barman-wal-restore -U barman barman patroni1 %f %p || { [ $? -eq 1 ] && exit 1; exit 255; }',
    );
  });

  test('through get-wal › under another name until it is whole, and the exit code of ssh is kept', () => {
    expect(restoreCommand('barman-get-wal', source)).toBe(
      'cp barman_wal/%f %p 2>/dev/null || { ssh barman@barman "barman get-wal patroni1 %f" > %p.part && mv %p.part %p; } || { code=$?; rm -f %p.part; exit $code; }',
    );
  });

  test('with the segment that receive-wal is at', () => {
    const partial = { ...source, partial: true };
    expect(restoreCommand('barman-wal-restore', partial)).toContain('barman-wal-restore -P -U barman');
    expect(restoreCommand('barman-get-wal', partial)).toContain('barman get-wal -P patroni1 %f');
  });

  test('with the WAL of the old data directory, before Barman is asked', () => {
    const command = restoreCommand('barman-get-wal', {
      ...source,
      keptWal: '/old/pg_wal',
      user: 'backup',
      host: 'vault',
    });
    expect(command.split(' || ').slice(0, 2)).toEqual([
      'cp barman_wal/%f %p 2>/dev/null',
      'cp /old/pg_wal/%f %p 2>/dev/null',
    ]);
    expect(command).toContain('ssh backup@vault "barman get-wal patroni1 %f"');
  });

  test('where members do not reach Barman, what was copied with the backup is all', () => {
    const source = { server: 'main', partial: false, host: null, user: 'barman' };
    expect(restoreCommand('barman-wal-restore', source)).toBe('cp barman_wal/%f %p 2>/dev/null');
    expect(restoreCommand('barman-get-wal', { ...source, keptWal: '/old/pg_wal' })).toBe(
      'cp barman_wal/%f %p 2>/dev/null || cp /old/pg_wal/%f %p 2>/dev/null',
    );
  });
});
