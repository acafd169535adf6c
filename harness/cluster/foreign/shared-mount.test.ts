import { sharedPath } from './shared-mount';

const mount = (Source: string, Destination: string, RW = true) => ({ Source, Destination, RW });
const volume = '/var/lib/docker/volumes/pg/_data';

describe('a folder as another container sees it', () => {
  test('through a volume that both mount', () => {
    expect(sharedPath('/pg/15/main', [mount(volume, '/pg')], [mount(volume, '/nodes/a')])).toBe('/nodes/a/15/main');
  });

  test('through a folder of the machine of which one mounts more than the other', () => {
    expect(sharedPath('/pg/main', [mount('/srv/pg/a', '/pg')], [mount('/srv', '/srv')])).toBe('/srv/pg/a/main');
    expect(sharedPath('/pg/a/main', [mount('/srv/pg', '/pg')], [mount('/srv/pg/a', '/a')])).toBe('/a/main');
  });

  test('the mount itself', () => {
    expect(sharedPath('/pg', [mount(volume, '/pg')], [mount(volume, '/nodes/a')])).toBe('/nodes/a');
  });

  test.each([
    ['nothing is mounted', '/pg', [], []],
    ['the other mounts something else', '/pg', [mount(volume, '/pg')], [mount('/other', '/pg')]],
    ['a name that only begins alike', '/pg', [mount('/srv/pg2', '/pg')], [mount('/srv/pg', '/x')]],
    ['it may only read', '/pg', [mount(volume, '/pg')], [mount(volume, '/x', false)]],
    [
      'the folder lies in an inner mount',
      '/pg/wal',
      [mount(volume, '/pg'), mount('/fast', '/pg/wal')],
      [mount(volume, '/x')],
    ],
    [
      'something else is mounted over it',
      '/pg/main',
      [mount('/srv', '/pg')],
      [mount('/srv', '/x'), mount('/y', '/x/main')],
    ],
  ])('not where %s', (_, folder, own, other) => {
    expect(sharedPath(folder, own, other)).toBeUndefined();
  });
});
