import { linePointers, PAGE_BYTES } from './page-header';

/** What of a page is spoiled. */
export const pageParts = ['header', 'line-pointer', 'tuple', 'zeroed', 'torn'] as const;
export type PagePart = (typeof pageParts)[number];

/** Where `pd_upper` has its high byte (bufpage.h, `PageHeaderData`). */
const UPPER_HIGH_AT = 15;

/**
 * A page as a failing disk or a power cut leaves it. The checksum in it is left as it was, so that it is wrong, except where
 * all of it is nought: PostgreSQL takes such a page for one that was never written (`PageIsVerifiedExtended`).
 * @param page a heap page with at least one row; not changed
 * @throws FormatError when it is no page
 */
export function spoiledPage(page: Buffer, part: PagePart): Buffer {
  const copy = Buffer.from(page);
  const row = linePointers(page).find(({ state }) => state === 'normal');
  switch (part) {
    case 'header':
      copy[UPPER_HIGH_AT] = copy[UPPER_HIGH_AT]! ^ 0xff;
      break;
    case 'line-pointer':
      copy[24] = copy[24]! ^ 0xff;
      break;
    case 'tuple': {
      // The last byte of the first row that is there, well past its header.
      const at = row ? row.offset + row.length - 1 : PAGE_BYTES - 1;
      copy[at] = copy[at]! ^ 0xff;
      break;
    }
    case 'zeroed':
      copy.fill(0);
      break;
    case 'torn':
      // The kernel had written the first 4 KiB when the power went. Rows fill a page from its end.
      copy.fill(0, PAGE_BYTES / 2);
      break;
  }
  return copy;
}
