import { FormatError } from './format-error';
import { btreeItems, parseBtreePage, swapItems } from './index-page';
import { btreeLeaf, btreeRoot, heapPage } from './sample-pages';

const keys = (page: Buffer) => btreeItems(page).map(({ key }) => key.readInt32LE(0));

describe('B-tree page', () => {
  it('reads what bt_page_stats() of pageinspect says', () => {
    expect(parseBtreePage(btreeRoot)).toEqual({
      previous: 0,
      next: 0,
      level: 0,
      leaf: true,
      root: true,
      deleted: false,
      meta: false,
      halfDead: false,
      firstItem: 1,
    });
    expect(parseBtreePage(btreeLeaf)).toMatchObject({ next: 2, leaf: true, root: false, firstItem: 2 });
  });

  it('reads the items, the high key left out', () => {
    expect(btreeItems(btreeRoot).map(({ line, tid }) => [line, tid.block, tid.line])).toEqual([
      [1, 0, 1],
      [2, 0, 3],
      [3, 0, 4],
      [4, 0, 5],
    ]);
    expect(keys(btreeRoot)).toEqual([1, 3, 4, 5]);
    const items = btreeItems(btreeLeaf);
    expect(items).toHaveLength(366);
    expect(items[0]).toMatchObject({ line: 2, tid: { block: 0, line: 1 }, alternative: false });
    expect(keys(btreeLeaf)).toEqual(Array.from({ length: 366 }, (_, index) => index + 1));
  });

  it('two items swapped › their keys are out of order, nothing is lost', () => {
    const page = swapItems(btreeLeaf, 2, 10);
    expect(keys(page).slice(0, 10)).toEqual([9, 2, 3, 4, 5, 6, 7, 8, 1, 10]);
    expect(new Set(keys(page))).toEqual(new Set(keys(btreeLeaf)));
    expect(swapItems(page, 2, 10)).toEqual(btreeLeaf);
  });

  it.each([
    ['the high key', 1, 2],
    ['a line that is not there', 2, 4000],
    ['an item with itself', 3, 3],
  ])('refuses to swap %s', (_, a, b) => {
    expect(() => swapItems(btreeLeaf, a, b)).toThrow(FormatError);
  });

  it('refuses a page of a table', () => {
    expect(() => parseBtreePage(heapPage)).toThrow(FormatError);
  });
});
