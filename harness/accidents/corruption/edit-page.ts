import type { Cluster } from '../../cluster/cluster';
import type { PatroniNode } from '../../cluster/patroni-node';
import { withChecksum } from '../../formats/page-checksum';
import { PgdrillError } from '../../record/errors';
import type { WaitContext } from '../../run/until';
import { locate, readBlock, settle, writeBlock } from './page-on-disk';

export interface PageEdit {
  database: string;
  /** As SQL names it: `book.tickets`, `book.tickets_pkey`. */
  relation: string;
  /** Number of the block in the relation, from 0. */
  block: number;
  /** Pure: the page as it is on disk, as it shall be. */
  edit(page: Buffer): Buffer;
  /** The page gets the checksum that belongs to it. Default true; without it, PostgreSQL refuses to read the page. */
  fixChecksum?: boolean;
  /** Also where the member leads. Its Patroni is stopped meanwhile, so another member is likely to take over. */
  leader?: boolean;
}

/**
 * Changes one page of a relation in a member's files, behind PostgreSQL's back: PostgreSQL stopped in order through its
 * Patroni, the block read, edited, written, and Patroni started again until every member streams.
 *
 * A checkpoint on the leader and a restart point on the member come first: replay begins again at the last of these
 * (documentation, 30.5 "WAL Configuration"), and a whole page found in the WAL after it would undo the edit. The same
 * happens whenever the leader writes the page anew, be it to set a hint: edit pages that nobody writes.
 * @throws PGDRILL_PAGE_EDIT where the member leads and `leader` is not given, or the relation has no such block
 */
export async function editPage(
  run: WaitContext,
  cluster: Cluster,
  node: PatroniNode,
  { database, relation, block, edit, fixChecksum = true, leader: evenLeader = false }: PageEdit,
): Promise<void> {
  const leader = await cluster.leader();
  if (leader.name === node.name && !evenLeader) {
    throw new PgdrillError(
      'PGDRILL_PAGE_EDIT',
      `${node.name} leads: with its Patroni stopped, another member would take over`,
      'edit the page on a replica, or say that it may be the leader',
    );
  }
  const place = await locate(node, database, relation, block);
  await settle(run, leader, node);
  await node.stopPatroni();
  try {
    const edited = edit(await readBlock(node, place));
    await writeBlock(run, node, place, fixChecksum ? withChecksum(edited, block) : edited);
  } finally {
    await node.startPatroni();
  }
  await cluster.awaitStreaming('members rejoined');
}
