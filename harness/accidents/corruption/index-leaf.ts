import { z } from 'zod';
import type { PatroniNode } from '../../cluster/patroni-node';
import { btreeItems, parseBtreePage, swapItems } from '../../formats/index-page';
import { pageChecksum, storedChecksum, withChecksum } from '../../formats/page-checksum';
import { PgdrillError } from '../../record/errors';
import type { Random } from '../../run/random';
import { defineAccident } from '../define-accident';
import { locate, quotedRelation, readBlock } from './page-on-disk';
import { relationOf } from './relations';
import { notesOf, putBackBlock, writeSpoiled } from './spoil-block';

export const indexLeaf = defineAccident({
  name: 'index-leaf',
  family: 'corruption',
  title: 'two entries of an index in each other’s place',
  does: 'The first and the last entry of a leaf of a B-tree change places, and the page gets the checksum that belongs to it: no read is refused, and a search by the key goes past rows that are there.',
  strikes: ['leader', 'replica'],
  options: z.object({
    relation: z.string().optional().describe('schema.index; default the largest B-tree of the database'),
    block: z.number().int().min(1).optional().describe('number of the leaf; default by the seed'),
    cached: z
      .boolean()
      .default(false)
      .describe(
        'the server has the page in its buffers, and does not notice; else it is restarted by Patroni just before',
      ),
  }),
  proof: 'on disk the entries are in each other’s place, and the page’s checksum is right',
  undone: 'the bytes as they were, where the block on disk is still the spoiled one',
  neverTouches: 'tables, other blocks, other members, the WAL',
  async prepare(context, { nodes: [node] }, { relation: named, block: asked }) {
    const { run, database } = context;
    const relation = await relationOf(node!, database, 'index', named);
    const block = asked ?? (await leafOf(node!, database, relation, run.random.derive(`leaf of ${relation}`)));
    const place = await locate(node!, database, relation, block);
    return notesOf(context, node!, { relation, block, place }, (page) => withChecksum(swapped(page), block));
  },
  async strike(context, { nodes: [node] }, { cached }, notes) {
    const { database } = context;
    const { original, spoiled, found } = await writeSpoiled(context, node!, notes, { cached, database });
    const block = Number(notes.block);
    const sums = pageChecksum(found, block) === storedChecksum(found);
    const [before, after] = [keys(original), keys(found)];
    const turned = before.at(0) === after.at(-1) && before.at(-1) === after.at(0) && before.at(0) !== after.at(0);
    return {
      proof: {
        took: found.equals(spoiled) && turned && sums,
        expected: `first and last entry of block ${block} of ${notes.relation} swapped on ${node!.name}`,
        found: `they are ${turned ? '' : 'not '}in each other's place, the checksum is ${sums ? 'right' : 'wrong'}`,
      },
      noted: { relation: notes.relation!, block: notes.block!, file: notes.file! },
    };
  },
  undo: putBackBlock,
});

function swapped(page: Buffer): Buffer {
  const items = btreeItems(page);
  return swapItems(page, items[0]!.line, items.at(-1)!.line);
}

function keys(page: Buffer): string[] {
  return btreeItems(page).map(({ key, tid }) => `${key.toString('hex')} ${tid.block},${tid.line}`);
}

/** A leaf with two entries at least. @throws PGDRILL_RELATION_UNKNOWN where there is none */
async function leafOf(node: PatroniNode, database: string, relation: string, random: Random): Promise<number> {
  const [row] = await node.query<{ blocks: string }>(
    `SELECT pg_relation_size($1::regclass) / current_setting('block_size')::int AS blocks`,
    [quotedRelation(relation)],
    database,
  );
  // Block 0 is the metapage.
  const left = Array.from({ length: Number(row!.blocks) - 1 }, (_, index) => index + 1);
  while (left.length > 0) {
    const [block] = left.splice(random.integer(0, left.length - 1), 1);
    const page = await readBlock(node, await locate(node, database, relation, block!));
    const { leaf, deleted, halfDead } = parseBtreePage(page);
    if (leaf && !deleted && !halfDead && btreeItems(page).length > 1) return block!;
  }
  throw new PgdrillError('PGDRILL_RELATION_UNKNOWN', `${relation} has no leaf with two entries`, 'name another index');
}
