import { filesOf, timelinesOf } from './new-branch';

const branch = { timeline: 3, parent: 1, endLsn: '0/5B925E8' };
const own = { timeline: 3, text: '1\t0/5B925E8\tbefore 2026-11-21 06:37:50.960443+00\n' };

describe('timelinesOf', () => {
  test('its own, and those that come from it; not a higher one of an earlier recovery', () => {
    const histories = [
      own,
      { timeline: 2, text: '1\t0/4000000\tno recovery target specified\n' },
      { timeline: 4, text: `${own.text}3\t0/60000A0\tno recovery target specified\n` },
      { timeline: 5, text: '1\t0/4000000\tx\n2\t0/7000000\tno recovery target specified\n' },
    ];
    expect(timelinesOf(branch, histories)).toEqual([3, 4]);
  });

  test('another branch of the same number does not bring in what comes from that', () => {
    const histories = [{ timeline: 6, text: '1\t0/4000000\tx\n3\t0/7000000\tno recovery target specified\n' }];
    expect(timelinesOf(branch, histories)).toEqual([3]);
  });

  test('where its begin is not known, its parent tells', () => {
    expect(timelinesOf({ timeline: 3, parent: 1 }, [{ timeline: 4, text: `${own.text}3\t0/60000A0\tx\n` }])).toEqual([
      3, 4,
    ]);
  });

  test('a history that cannot be read is passed over', () => {
    expect(timelinesOf(branch, [{ timeline: 4, text: 'no history' }])).toEqual([3]);
  });
});

test('filesOf › segments, partial ones, backup labels and histories of those timelines and no other', () => {
  const mine = [
    '00000003.history',
    '000000030000000000000005',
    '000000030000000000000006.partial',
    '000000040000000000000006.00000028.backup',
    '000000030000000000000007.gz',
  ];
  const others = ['xlog.db', '00000001.history', '000000010000000000000005', '000000050000000000000005', '.tmp'];
  expect(filesOf([3, 4], [...others, ...mine])).toEqual(mine);
});
