import { z } from 'zod';
import { pageChecksum, storedChecksum } from '../../formats/page-checksum';
import { pageParts, spoiledPage } from '../../formats/spoiled-page';
import { defineAccident } from '../define-accident';
import { locate } from './page-on-disk';
import { blockWithRows, relationOf } from './relations';
import { notesOf, putBackBlock, writeSpoiled } from './spoil-block';

export const heapPage = defineAccident({
  name: 'heap-page',
  family: 'corruption',
  title: 'page of a table spoiled on disk',
  does: 'One block of a table is written anew in its file, under the running server, as a failing disk or a power cut leaves it. Unless the server has it in its buffers, the next to read it is refused.',
  strikes: ['leader', 'replica'],
  options: z.object({
    relation: z.string().optional().describe('schema.table; default the largest table of the database'),
    block: z.number().int().min(0).optional().describe('number of the block; default one that has rows, by the seed'),
    part: z
      .enum(pageParts)
      .default('tuple')
      .describe('what of it is spoiled; a page of noughts is taken for one that was never written'),
    cached: z
      .boolean()
      .default(false)
      .describe(
        'the server has the page in its buffers, and does not notice; else it is restarted by Patroni just before',
      ),
  }),
  proof:
    'the bytes on disk are the spoiled ones, and the checksum in them is not theirs (all are nought, where zeroed)',
  undone: 'the bytes as they were, where the block on disk is still the spoiled one',
  neverTouches: 'other blocks, other members, the WAL',
  async prepare(context, { nodes: [node] }, { relation: named, block: asked, part }) {
    const { run, database } = context;
    const relation = await relationOf(node!, database, 'table', named);
    const block = asked ?? (await blockWithRows(node!, database, relation, run.random.derive(`block of ${relation}`)));
    const place = await locate(node!, database, relation, block);
    return notesOf(context, node!, { relation, block, place }, (page) => spoiledPage(page, part));
  },
  async strike(context, { nodes: [node] }, { part, cached }, notes) {
    const { original, spoiled, found } = await writeSpoiled(context, node!, notes, {
      cached,
      database: context.database,
    });
    const block = Number(notes.block);
    const wrong =
      part === 'zeroed' ? found.every((byte) => byte === 0) : pageChecksum(found, block) !== storedChecksum(found);
    const what = `block ${block} of ${notes.relation}`;
    return {
      proof: {
        took: found.equals(spoiled) && !found.equals(original) && wrong,
        expected: `${what} spoiled on ${node!.name}: ${part}`,
        found: part === 'zeroed' ? `${zeros(found)} of ${found.length} bytes are nought` : checksums(found, block),
      },
      noted: { relation: notes.relation!, block: notes.block!, file: notes.file! },
    };
  },
  undo: putBackBlock,
});

function checksums(page: Buffer, block: number): string {
  const hex = (sum: number) => sum.toString(16).toUpperCase().padStart(4, '0');
  return `its checksum says ${hex(storedChecksum(page))}, its bytes ${hex(pageChecksum(page, block))}`;
}

function zeros(page: Buffer): number {
  return page.filter((byte) => byte === 0).length;
}
