import { bytesOf, compareDigests, parseDigests } from './archive-digest';

const a = 'a'.repeat(64);
const b = 'b'.repeat(64);
const segment = 'wals/0000000100000000/000000010000000000000004';
const history = 'wals/00000002.history';
const manifest = 'base/20261121T055051/data/backup_manifest';
const read = (lines: string[]) => parseDigests(`${lines.join('\n')}\n`);
const before = read([
  `${a}  ${segment}`,
  `${a}  ${history}`,
  `${a}  ${manifest}`,
  `16777216  ${segment}`,
  `41  ${history}`,
]);

describe('digests of an archive', () => {
  test('parseDigests › sums and sizes come together by path; other lines are none', () => {
    expect(before.get(segment)).toEqual({ sha256: a, bytes: 16_777_216n });
    expect(before.size).toBe(3);
    expect(read(['sha256sum: warning: x', '', 'total 0']).size).toBe(0);
  });

  test('bytesOf › all of them', () => expect(bytesOf(before)).toBe(16_777_257n));

  test('compareDigests › the same files are no change, and what came since is none either', () => {
    const now = new Map([...before, ['wals/0000000100000000/000000010000000000000005', { sha256: b, bytes: 1n }]]);
    expect(compareDigests(before, now)).toEqual({ changed: [], gone: [] });
  });

  test('compareDigests › a flipped byte is a change, a missing file is gone, each by its path', () => {
    const now = new Map([...before, [segment, { sha256: b, bytes: 16_777_216n }]]);
    now.delete(history);
    expect(compareDigests(before, now)).toEqual({ changed: [segment], gone: [history] });
  });

  test('compareDigests › an archive that is empty now has lost everything', () => {
    expect(compareDigests(before, new Map()).gone).toEqual([manifest, segment, history].sort());
  });
});
