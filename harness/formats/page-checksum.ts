import { FormatError } from './format-error';
import { PAGE_BYTES } from './page-header';

/** Where a page keeps its checksum (bufpage.h, `pd_checksum`). */
const CHECKSUM_AT = 8;
const LANES = 32;
const FNV_PRIME = 16_777_619;

/** One start value a lane, so that lanes of equal data differ (checksum_impl.h, `checksumBaseOffsets`). */
const BASES = Uint32Array.of(
  ...[0x5b1f36e9, 0xb8525960, 0x02ab50aa, 0x1de66d2a, 0x79ff467a, 0x9bb9f8a3, 0x217e7cd2, 0x83e13d2c],
  ...[0xf8d4474f, 0xe39eb970, 0x42c6ae16, 0x993216fa, 0x7b093b5d, 0x98daff3c, 0xf718902a, 0x0b1c9cdb],
  ...[0xe58f764b, 0x187636bc, 0x5d7b3bb1, 0xe73de7de, 0x92bec979, 0xcca6c0b2, 0x304a0979, 0x85aa43d4],
  ...[0x783125bb, 0x6ca8eaa2, 0xe407eac6, 0x4b5cfc3e, 0x9fbf8c76, 0x15ca20be, 0xf2ca9fd3, 0x959bd756],
);

/**
 * The checksum of a page as PostgreSQL computes it: 32 lanes of an FNV-1a variant over the page with its checksum field
 * as nought, two rounds of noughts, folded by XOR, mixed with the block number so that a page in the wrong place is
 * noticed, and brought to 1–65535 (`pg_checksum_page` in src/include/storage/checksum_impl.h; the same from 9.3 on).
 * @param page 8192 bytes; not changed
 * @param block number of the block in its relation, not in its segment file
 * @throws FormatError when it is not a page's length
 */
export function pageChecksum(page: Buffer, block: number): number {
  if (page.length !== PAGE_BYTES) throw new FormatError('page', `${page.length} bytes`, `expected ${PAGE_BYTES} bytes`);
  const sums = BASES.slice();
  for (let at = 0; at < PAGE_BYTES; at += 4) {
    const word = at === CHECKSUM_AT ? page.readUInt32LE(at) & 0xffff0000 : page.readUInt32LE(at);
    mix(sums, (at / 4) % LANES, word);
  }
  for (let lane = 0; lane < LANES * 2; lane += 1) mix(sums, lane % LANES, 0);
  const folded = sums.reduce((result, sum) => result ^ sum, 0);
  return (((folded ^ block) >>> 0) % 65_535) + 1;
}

/** The checksum that a page carries. Nought on a page that was never written, and where checksums are off. */
export function storedChecksum(page: Buffer): number {
  return page.readUInt16LE(CHECKSUM_AT);
}

/** A copy of the page with the checksum that belongs to it. @throws FormatError when it is not a page's length */
export function withChecksum(page: Buffer, block: number): Buffer {
  const copy = Buffer.from(page);
  copy.writeUInt16LE(pageChecksum(page, block), CHECKSUM_AT);
  return copy;
}

/** `CHECKSUM_COMP`: FNV-1a, with the high bits brought down so that they matter too. */
function mix(sums: Uint32Array, lane: number, word: number): void {
  const mixed = sums[lane]! ^ word;
  sums[lane] = Math.imul(mixed, FNV_PRIME) ^ (mixed >>> 17);
}
