import { backupTablespaces } from './backup-tablespaces';

describe('tablespaces of backup.info', () => {
  test('a list of tuples, in order', () => {
    expect(backupTablespaces("[('fast', 16400, '/srv/fast'), ('cold', 16401, '/srv/my cold')]")).toEqual([
      { name: 'fast', location: '/srv/fast' },
      { name: 'cold', location: '/srv/my cold' },
    ]);
  });

  test.each([undefined, 'None', '[]', ''])('%p › none', (text) => {
    expect(backupTablespaces(text)).toEqual([]);
  });
});
