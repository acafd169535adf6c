import { againCommand } from './again';
import { inAscii, labelled, wrapped } from './paragraph';
import { bytesText, countText, durationText, plural } from './quantity';

describe('quantities', () => {
  it.each([
    [0, '0.0 s'],
    [7_940, '7.9 s'],
    [119_949, '119.9 s'],
    [119_950, '2 min 00 s'],
    [125_400, '2 min 05 s'],
    [3_780_000, '1 h 03 min'],
  ])('durationText › %d ms is %s', (ms, text) => expect(durationText(ms)).toBe(text));

  it('countText › parts thousands', () =>
    expect([0, 999, 1000, 5_185_505].map(countText)).toEqual(['0', '999', '1,000', '5,185,505']));
  it('bytesText › uses binary units', () =>
    expect([512, 1536, 3 * 2 ** 30].map(bytesText)).toEqual(['512 B', '1.5 KiB', '3.0 GiB']));
  it('plural › counts', () => expect([plural(1, 'run'), plural(2, 'run')]).toEqual(['1 run', '2 runs']));
});

describe('paragraph', () => {
  it('wrapped › breaks at spaces and keeps long words whole', () => {
    expect(wrapped(`${'word '.repeat(6)}${'x'.repeat(30)}`, 24)).toEqual([
      'word word word word word',
      'word',
      'x'.repeat(30),
    ]);
  });
  it('labelled › puts further lines under the text', () => {
    expect(labelled('on', 'one\ntwo', { indent: 2, column: 5 })).toEqual(['  on   one', '       two']);
  });
  it('inAscii › replaces pgdrill’s signs only', () => expect(inAscii('✓ ✗ … café')).toBe('+ x ... café'));
});

describe('againCommand', () => {
  it('carries what the first command changed, in both ways to write an option', () => {
    const args = ['run', 'smoke', '--dataset=thai:small', '--nodes', '5', '--json', '--seed', '1', '--deep'];
    expect(againCommand('a-drill', 7, args)).toBe('pgdrill run a-drill --dataset thai:small --nodes 5 --deep --seed 7');
  });
  it('knows a variant by the command that has it', () => {
    expect(againCommand('a-without-mend', 7, ['sabotage', '--cures'])).toBe(
      'pgdrill sabotage --cures a-without-mend --seed 7',
    );
    expect(againCommand('a', 7, ['run', 'a', '--without', 'mend'])).toBe('pgdrill run a --without mend --seed 7');
  });
  it('chooses a drill of one’s own by its path, quoted for a shell', () => {
    expect(againCommand('mine', 7, ['run', 'my drills/mine.drill.ts'])).toBe(
      "pgdrill run 'my drills/mine.drill.ts' --seed 7",
    );
  });
});
