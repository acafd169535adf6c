import { printedHistories } from './printed-histories';

const first = '1\t0/7000120\tbefore 2026-11-21\n';
const second = '1\t0/8000000\tno recovery target specified\n';

test('by name › each text as the file has it', () => {
  expect(printedHistories(`== 00000002.history\n${first}\n== 0000000A.history\n${second}\n`)).toEqual([
    { timeline: 2, text: first },
    { timeline: 10, text: second },
  ]);
});

test('by path › one number in two folders is two', () => {
  expect(
    printedHistories(`== /var/wals/00000002.history\n${first}\n== /var/streaming/00000002.history\n${second}\n`),
  ).toEqual([
    { timeline: 2, text: first },
    { timeline: 2, text: second },
  ]);
});

test('a file of another name › belongs to no history', () => {
  expect(printedHistories('== /var/wals/00000002.history.gz\nx\n')).toEqual([]);
});
