import { FormatError } from './format-error';
import { linePointers, normalLine, parsePageHeader, writeLine } from './page-header';

/** The fixed part of a tuple's header, before its map of nulls (htup_details.h, `SizeofHeapTupleHeader`). */
const TUPLE_HEADER_BYTES = 23;
/** Items begin at multiples of this (`MAXALIGN`, 64-bit machines). */
const ALIGNMENT = 8;
const LOWER_AT = 12;
const UPPER_AT = 14;

/** A row as a heap page holds it: htup_details.h, `HeapTupleHeaderData`; documentation, 73.6.1 "Table Row Layout". */
export interface HeapTuple {
  line: number;
  xmin: number;
  xmax: number;
  /** Block and line of this row, or of its newer version. */
  ctid: { block: number; line: number };
  attributes: number;
  hasNulls: boolean;
  /** `HEAP_XMIN_FROZEN`: inserted long ago, whatever xmin says. */
  frozen: boolean;
  /** The columns' bytes. */
  data: Buffer;
}

/** Every row version that a heap page holds. @throws FormatError when it is no page, or an item is no tuple */
export function heapTuples(page: Buffer): HeapTuple[] {
  return linePointers(page)
    .filter(({ state }) => state === 'normal')
    .map(({ line }) => heapTuple(page, line));
}

/** The row at a line, as the second number of a ctid names it. @throws FormatError when there is none */
export function heapTuple(page: Buffer, line: number): HeapTuple {
  const { offset, length } = normalLine(page, line);
  const item = page.subarray(offset, offset + length);
  const hoff = item[22] ?? 0;
  if (length < TUPLE_HEADER_BYTES || hoff < TUPLE_HEADER_BYTES || hoff > length)
    throw new FormatError('heap tuple', item.toString('hex'), `line ${line} holds no row`);
  const infomask2 = item.readUInt16LE(18);
  const infomask = item.readUInt16LE(20);
  return {
    line,
    xmin: item.readUInt32LE(0),
    xmax: item.readUInt32LE(4),
    ctid: { block: item.readUInt16LE(12) * 0x10000 + item.readUInt16LE(14), line: item.readUInt16LE(16) },
    attributes: infomask2 & 0x07ff,
    hasNulls: (infomask & 0x0001) !== 0,
    frozen: (infomask & 0x0300) === 0x0300,
    data: item.subarray(hoff),
  };
}

/**
 * The page with one row's bytes changed in place: the row as it would be with another value of the same length.
 * @param from bytes of the row's columns that are there exactly once, such as a text's own
 * @throws FormatError when they are not, or when the lengths differ
 */
export function changeRow(page: Buffer, line: number, from: Buffer, to: Buffer): Buffer {
  const { data } = heapTuple(page, line);
  const at = data.indexOf(from);
  const refuse = (reason: string): never => {
    throw new FormatError('heap tuple', data.toString('hex'), reason);
  };
  if (from.length !== to.length) refuse(`${from.length} bytes cannot be replaced by ${to.length}`);
  if (at < 0) refuse(`line ${line} does not hold the bytes to be changed`);
  if (data.indexOf(from, at + 1) >= 0) refuse(`line ${line} holds the bytes to be changed more than once`);
  const copy = Buffer.from(page);
  to.copy(copy, data.byteOffset - page.byteOffset + at);
  return copy;
}

/** The page with one row gone, as if it had been vacuumed away: its line is free, nothing else moves. */
export function removeRow(page: Buffer, line: number): Buffer {
  normalLine(page, line);
  const copy = Buffer.from(page);
  writeLine(copy, { line, state: 'unused', offset: 0, length: 0 });
  // PD_HAS_FREE_LINES: a hint, which VACUUM sets together with the free line.
  copy.writeUInt16LE(copy.readUInt16LE(10) | 1, 10);
  return copy;
}

/**
 * The page with a row twice: a copy of one, at a new line of its own. No index knows of it.
 * @param block the page's own number, for the copy's ctid
 * @throws FormatError when the page has no room
 */
export function duplicateRow(page: Buffer, line: number, block: number): Buffer {
  const { offset, length } = normalLine(page, line);
  const { lower, upper } = parsePageHeader(page);
  const free = linePointers(page).find(({ state }) => state === 'unused');
  const at = upper - Math.ceil(length / ALIGNMENT) * ALIGNMENT;
  const end = free ? lower : lower + 4;
  if (at < end) throw new FormatError('page', `${upper - lower} bytes free`, `has no room for ${length} bytes more`);
  const copy = Buffer.from(page);
  copy.writeUInt16LE(end, LOWER_AT);
  copy.writeUInt16LE(at, UPPER_AT);
  page.copy(copy, at, offset, offset + length);
  const added = free?.line ?? (end - 24) / 4;
  writeLine(copy, { line: added, state: 'normal', offset: at, length });
  copy.writeUInt16LE(Math.floor(block / 0x10000), at + 12);
  copy.writeUInt16LE(block % 0x10000, at + 14);
  copy.writeUInt16LE(added, at + 16);
  return copy;
}
