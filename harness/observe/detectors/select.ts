import { messageOf } from '../../record/errors';
import type { Complaint, Detector } from './detector';

const TABLES = `SELECT format('%I.%I', nspname, relname) AS name
  FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace
  WHERE relkind IN ('r', 'm') AND relpersistence = 'p' AND nspname !~ '^pg_' AND nspname <> 'information_schema'
  ORDER BY 1`;

/** Each row is made a text, so that its TOASTed values are read, too; no table hides the others. */
export const select: Detector = {
  name: 'select',
  head: 'sel',
  title: 'SELECT of every row of every table, as pg_dump reads them',
  wants: 'a running member; reads every table once',
  ofMember: true,
  async look({ node, database }) {
    const tables = await node.query<{ name: string }>(TABLES, [], database);
    const complaints: Complaint[] = [];
    for (const { name } of tables) {
      try {
        await node.query(`SELECT sum(length(t::text)) FROM ONLY ${name} t`, [], database);
      } catch (error) {
        complaints.push({ text: `ERROR:  ${messageOf(error)}` });
      }
    }
    return { complaints };
  },
};
