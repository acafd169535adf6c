import { volumesOn } from './loop-disks';

describe('volumesOn', () => {
  it('has the device of each member', () => {
    expect([...volumesOn('disk of db1: /dev/loop0\ndisk of db2: /dev/loop11\ndisks made\n')]).toEqual([
      ['db1', { type: 'ext4', device: '/dev/loop0', o: 'noatime' }],
      ['db2', { type: 'ext4', device: '/dev/loop11', o: 'noatime' }],
    ]);
  });
});
