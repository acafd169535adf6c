import { FormatError } from './format-error';
import { linePointers, normalLine, PAGE_BYTES, parsePageHeader, writeLine } from './page-header';

/** Bytes of a B-tree page's own space at its end (nbtree.h, `BTPageOpaqueData`). */
const OPAQUE_BYTES = 16;

/** What a B-tree page keeps at its end: its neighbours and its kind (nbtree.h, `BTPageOpaqueData`). */
export interface BtreePage {
  /** Left and right sibling; block 0, the metapage, stands for none. */
  previous: number;
  next: number;
  /** 0 for a leaf. */
  level: number;
  leaf: boolean;
  root: boolean;
  deleted: boolean;
  meta: boolean;
  halfDead: boolean;
  /** The first line of a page that has a right sibling is its high key, no item. */
  firstItem: number;
}

/** An item of a B-tree page (itup.h, `IndexTupleData`). */
export interface BtreeItem {
  line: number;
  /** Of a leaf's item, the row that it points to; of a posting list, where the list lies. */
  tid: { block: number; line: number };
  /** More than one row under one key (`INDEX_ALT_TID_MASK`): a posting list on a leaf, a pivot above. */
  alternative: boolean;
  /** The key's bytes, with what belongs to them. */
  key: Buffer;
}

/** Reads the end of a B-tree page. @throws FormatError when it is no page of a B-tree */
export function parseBtreePage(page: Buffer): BtreePage {
  const { special } = parsePageHeader(page);
  if (special !== PAGE_BYTES - OPAQUE_BYTES)
    throw new FormatError('B-tree page', `special space at ${special}`, `expected it at ${PAGE_BYTES - OPAQUE_BYTES}`);
  const flags = page.readUInt16LE(special + 12);
  const next = page.readUInt32LE(special + 4);
  return {
    previous: page.readUInt32LE(special),
    next,
    level: page.readUInt32LE(special + 8),
    leaf: (flags & 0x01) !== 0,
    root: (flags & 0x02) !== 0,
    deleted: (flags & 0x04) !== 0,
    meta: (flags & 0x08) !== 0,
    halfDead: (flags & 0x10) !== 0,
    firstItem: next === 0 ? 1 : 2,
  };
}

/** The items of a B-tree page in the order of their keys, without the high key. @throws FormatError as above */
export function btreeItems(page: Buffer): BtreeItem[] {
  const { firstItem, meta } = parseBtreePage(page);
  if (meta) return [];
  return linePointers(page)
    .filter(({ line, state }) => line >= firstItem && state === 'normal')
    .map(({ line, offset, length }) => {
      const item = page.subarray(offset, offset + length);
      const info = item.readUInt16LE(6);
      return {
        line,
        tid: { block: item.readUInt16LE(0) * 0x10000 + item.readUInt16LE(2), line: item.readUInt16LE(4) },
        alternative: (info & 0x2000) !== 0,
        key: item.subarray(8, info & 0x1fff),
      };
    });
}

/**
 * The page with two items in each other's place, so that its keys are out of order: a search goes past rows that are
 * there, and nothing but a comparison of the index with itself or with its table can tell.
 * @throws FormatError when one is no item of a leaf
 */
export function swapItems(page: Buffer, a: number, b: number): Buffer {
  const { leaf, firstItem } = parseBtreePage(page);
  if (!leaf || Math.min(a, b) < firstItem || a === b)
    throw new FormatError('B-tree page', `lines ${a} and ${b}`, 'are no two items of a leaf');
  const [one, other] = [normalLine(page, a), normalLine(page, b)];
  const copy = Buffer.from(page);
  writeLine(copy, { ...one, line: b });
  writeLine(copy, { ...other, line: a });
  return copy;
}
