import { FormatError } from './format-error';
import { changeRow, duplicateRow, heapTuple, heapTuples, removeRow } from './heap-page';
import { linePointers, parsePageHeader } from './page-header';
import { btreeLeaf, fourthHeapPage, heapPage } from './sample-pages';

const text = (value: string) => Buffer.from(value, 'latin1');

describe('page header', () => {
  it('reads what page_header() of pageinspect says', () => {
    expect(parsePageHeader(heapPage)).toEqual({
      lsn: '0/17E0790',
      checksum: 0,
      hasFreeLines: true,
      full: false,
      allVisible: false,
      lower: 48,
      upper: 7984,
      special: 8192,
      size: 8192,
      version: 4,
      pruneXid: 729,
    });
    expect(parsePageHeader(fourthHeapPage)).toMatchObject({ lsn: '0/17F7358', lower: 84, upper: 152, pruneXid: 0 });
    expect(parsePageHeader(btreeLeaf)).toMatchObject({ special: 8176 });
  });

  it.each<[string, (page: Buffer) => unknown]>([
    ['a page that was never written', (page) => page.fill(0)],
    ['lower beyond upper', (page) => page.writeUInt16LE(8000, 12)],
    ['special beyond the page', (page) => page.writeUInt16LE(8200, 16)],
    ['another size', (page) => page.writeUInt16LE(0x4004, 18)],
    ['unknown flags', (page) => page.writeUInt16LE(0x8000, 10)],
  ])('refuses %s', (_, spoil) => {
    const page = Buffer.from(heapPage);
    spoil(page);
    expect(() => parsePageHeader(page)).toThrow(FormatError);
  });

  it('refuses what has not the length of a page', () => {
    expect(() => linePointers(heapPage.subarray(0, 4096))).toThrow(FormatError);
  });
});

describe('heap page › read', () => {
  it('line pointers, of every state', () => {
    expect(linePointers(heapPage)).toEqual([
      { line: 1, state: 'normal', offset: 8152, length: 39 },
      { line: 2, state: 'normal', offset: 7984, length: 37 },
      { line: 3, state: 'normal', offset: 8112, length: 39 },
      { line: 4, state: 'redirect', offset: 6, length: 0 },
      { line: 5, state: 'normal', offset: 8072, length: 39 },
      { line: 6, state: 'normal', offset: 8024, length: 43 },
    ]);
  });

  it('rows, with the place of the newer version', () => {
    expect(heapTuples(heapPage).map(({ line }) => line)).toEqual([1, 2, 3, 5, 6]);
    expect(heapTuple(heapPage, 5)).toMatchObject({ xmin: 726, xmax: 729, ctid: { block: 0, line: 2 }, attributes: 3 });
    expect(heapTuple(heapPage, 1)).toMatchObject({ xmin: 726, xmax: 0, hasNulls: false, frozen: false });
    expect(heapTuple(heapPage, 2).data).toEqual(
      Buffer.concat([Buffer.from([5, 0, 0, 0, 0x0b]), text('Dina'), Buffer.from([9]), text('5th')]),
    );
    expect(heapTuple(fourthHeapPage, 15).ctid).toEqual({ block: 3, line: 15 });
  });

  it.each([0, 4, 7, -1])('refuses line %d, which holds no row', (line) => {
    expect(() => heapTuple(heapPage, line)).toThrow(FormatError);
  });
});

describe('heap page › changed', () => {
  it('a value in place › nothing else changes', () => {
    const page = changeRow(heapPage, 3, text('Vera'), text('Vira'));
    expect(heapTuple(page, 3).data.toString('latin1')).toContain('Vira');
    expect(page.filter((byte, at) => byte !== heapPage[at])).toHaveLength(1);
    expect(heapTuple(heapPage, 3).data.toString('latin1')).toContain('Vera');
  });

  it.each([
    ['bytes that are not there', 'Anna', 'Nana'],
    ['bytes of another length', 'Vera', 'Veronika'],
    ['bytes that are there more than once', 'r', 'R'],
  ])('refuses %s', (_, from, to) => {
    expect(() => changeRow(heapPage, 3, text(from), text(to))).toThrow(FormatError);
  });

  it('a row removed › its line is free, the others are as they were', () => {
    const page = removeRow(heapPage, 3);
    expect(linePointers(page)[2]).toEqual({ line: 3, state: 'unused', offset: 0, length: 0 });
    expect(heapTuples(page)).toEqual(heapTuples(heapPage).filter(({ line }) => line !== 3));
    expect(() => removeRow(page, 3)).toThrow(FormatError);
  });

  it('a row twice › at a line of its own, with a ctid of its own', () => {
    const page = duplicateRow(heapPage, 3, 0x1_0002);
    expect(heapTuple(page, 7)).toEqual({ ...heapTuple(heapPage, 3), line: 7, ctid: { block: 0x1_0002, line: 7 } });
    expect(heapTuples(page).slice(0, 5)).toEqual(heapTuples(heapPage));
    expect(parsePageHeader(page)).toMatchObject({ lower: 52, upper: 7944 });
  });

  it('a row twice › takes a free line first', () => {
    const page = duplicateRow(removeRow(heapPage, 1), 3, 0);
    expect(heapTuple(page, 1).data).toEqual(heapTuple(heapPage, 3).data);
    expect(parsePageHeader(page)).toMatchObject({ lower: 48, upper: 7944 });
  });

  it('a row twice › refused where there is no room', () => {
    expect(() => duplicateRow(fourthHeapPage, 1, 3)).toThrow(/no room/);
  });
});
