import { z } from 'zod';
import { defineAccident } from '../define-accident';
import { locate } from './page-on-disk';
import { relationOf } from './relations';

export const relationFile = defineAccident({
  name: 'relation-file',
  family: 'corruption',
  title: 'file of a table removed',
  does: 'The first file of a table is removed behind PostgreSQL’s back: nothing of it is in the WAL, and the server goes on. A session that opens the table from then on is refused.',
  strikes: ['leader', 'replica'],
  options: z.object({
    relation: z.string().optional().describe('schema.table; default the largest table of the database'),
  }),
  proof: 'the file was there and is not',
  undone: 'not: the member is copied anew from another one, or the table recovered from the backup',
  neverTouches: 'other files, other members, the WAL',
  async prepare({ database }, { nodes: [node] }, { relation: named }) {
    const relation = await relationOf(node!, database, 'table', named);
    const { file } = await locate(node!, database, relation, 0);
    return { relation, file };
  },
  async strike({ deal }, { nodes: [node] }, __, { relation, file }) {
    // What the server has yet to write of it would bring a part of the file back, or end the server.
    await node!.query('CHECKPOINT');
    const there = async () => (await node!.exec(['test', '-e', file!], { check: false })).exitCode === 0;
    const was = await there();
    await deal(() => node!.exec(['rm', '-f', file!]));
    const is = await there();
    return {
      proof: {
        took: was && !is,
        expected: `file of ${relation} there before, and not after`,
        found: `${was ? 'it was there' : 'it was not there'}, ${is ? 'and is' : 'and is not'}`,
      },
      noted: { relation: relation!, file: file! },
    };
  },
});
