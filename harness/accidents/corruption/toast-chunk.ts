import { z } from 'zod';
import { heapTuples, removeRow } from '../../formats/heap-page';
import { withChecksum } from '../../formats/page-checksum';
import { defineAccident } from '../define-accident';
import { locate } from './page-on-disk';
import { blockWithRows, relationOf } from './relations';
import { notesOf, putBackBlock, writeSpoiled } from './spoil-block';

export const toastChunk = defineAccident({
  name: 'toast-chunk',
  family: 'corruption',
  title: 'chunk of a long value gone',
  does: 'One row of a TOAST table is freed in its page, which gets the checksum that belongs to it: whoever reads the value is told "missing chunk number … for toast value …".',
  strikes: ['leader', 'replica'],
  options: z.object({
    relation: z.string().optional().describe('pg_toast.pg_toast_…; default the largest TOAST table of the database'),
    block: z.number().int().min(0).optional().describe('number of the block; default one that has rows, by the seed'),
    cached: z
      .boolean()
      .default(false)
      .describe(
        'the server has the page in its buffers, and does not notice; else it is restarted by Patroni just before',
      ),
  }),
  proof: 'the page on disk has one chunk less than before',
  undone: 'the bytes as they were, where the block on disk is still the spoiled one',
  neverTouches: 'the table itself, other blocks, other members, the WAL',
  async lacks({ cluster, database }) {
    const leader = await cluster.leader();
    const refused = await relationOf(leader, database, 'toast').catch((error: Error) => error.message);
    return refused.startsWith('pg_toast.') ? undefined : refused;
  },
  async prepare(context, { nodes: [node] }, { relation: named, block: asked }) {
    const { run, database } = context;
    const relation = await relationOf(node!, database, 'toast', named);
    const block = asked ?? (await blockWithRows(node!, database, relation, run.random.derive(`block of ${relation}`)));
    const place = await locate(node!, database, relation, block);
    const without = (page: Buffer) => withChecksum(removeRow(page, heapTuples(page)[0]!.line), block);
    return notesOf(context, node!, { relation, block, place }, without);
  },
  async strike(context, { nodes: [node] }, { cached }, notes) {
    const { database } = context;
    const { original, spoiled, found } = await writeSpoiled(context, node!, notes, { cached, database });
    const [before, after] = [heapTuples(original).length, heapTuples(found).length];
    return {
      proof: {
        took: found.equals(spoiled) && after === before - 1,
        expected: `one of ${before} chunks gone from block ${notes.block} of ${notes.relation} on ${node!.name}`,
        found: `${after} are left`,
      },
      noted: { relation: notes.relation!, block: notes.block!, file: notes.file! },
    };
  },
  undo: putBackBlock,
});
