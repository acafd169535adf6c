import { FormatError } from './format-error';
import { pageChecksum, storedChecksum, withChecksum } from './page-checksum';
import { btreeLeaf, btreeRoot, fourthHeapPage, heapPage } from './sample-pages';

describe('page checksum', () => {
  /** As `page_checksum` of pageinspect gave them; it returns a signed number of 16 bits. */
  it.each([
    ['a heap page', heapPage, 0, -7148],
    ['a page that is not the first', fourthHeapPage, 3, 28_483],
    ['a B-tree that is one page', btreeRoot, 1, -10_428],
    ['a B-tree leaf', btreeLeaf, 1, 31_804],
  ])('%s › as PostgreSQL computes it', (_, page, block, signed) => {
    expect(pageChecksum(page, block)).toBe(signed & 0xffff);
  });

  it('the same page in another place has another one', () => {
    expect(pageChecksum(fourthHeapPage, 4)).not.toBe(pageChecksum(fourthHeapPage, 3));
    expect(pageChecksum(fourthHeapPage, 2 ** 32 - 1)).toBeGreaterThan(0);
  });

  it('what the field held before does not matter, and nothing else of the page changes', () => {
    const written = withChecksum(heapPage, 0);
    expect(storedChecksum(written)).toBe(-7148 & 0xffff);
    expect(pageChecksum(written, 0)).toBe(storedChecksum(written));
    expect(written.subarray(10)).toEqual(heapPage.subarray(10));
    expect(written.subarray(0, 8)).toEqual(heapPage.subarray(0, 8));
    expect(storedChecksum(heapPage)).toBe(0);
  });

  it('one bit anywhere, of the flags beside the field too, changes it', () => {
    const before = pageChecksum(heapPage, 0);
    for (const at of [0, 7, 10, 11, 24, 4096, 8191]) {
      const copy = Buffer.from(heapPage);
      copy[at]! ^= 1;
      expect(pageChecksum(copy, 0)).not.toBe(before);
    }
  });

  it('refuses what has not the length of a page', () => {
    expect(() => pageChecksum(heapPage.subarray(1), 0)).toThrow(FormatError);
  });
});
