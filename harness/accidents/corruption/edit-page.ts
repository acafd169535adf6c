import { escapeIdentifier } from 'pg';
import type { Cluster } from '../../cluster/cluster';
import type { PatroniNode } from '../../cluster/patroni-node';
import { compareLsn } from '../../formats/lsn';
import { withChecksum } from '../../formats/page-checksum';
import { PAGE_BYTES } from '../../formats/page-header';
import { PgdrillError } from '../../record/errors';
import { limited, until, type WaitContext } from '../../run/until';

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

/** A block in the files of a stopped server. */
interface BlockPlace {
  file: string;
  /** Number of the block in that file. */
  index: number;
}

/** The segment file and the place in it: relations are cut into files of `segment_size`, 1 GiB (documentation, 73.1). */
async function locate(node: PatroniNode, database: string, relation: string, block: number): Promise<BlockPlace> {
  const name = relation.split('.').map(escapeIdentifier).join('.');
  const [row] = await node.query<{ path: string; blocks: string; segment: string }>(
    `SELECT pg_relation_filepath($1::regclass) AS path,
            pg_relation_size($1::regclass) / current_setting('block_size')::int AS blocks,
            (SELECT setting FROM pg_settings WHERE name = 'segment_size') AS segment`,
    [name],
    database,
  );
  const blocks = Number(row?.blocks ?? 0);
  if (!row || block < 0 || block >= blocks) {
    throw new PgdrillError(
      'PGDRILL_PAGE_EDIT',
      `${relation} has ${blocks} blocks on ${node.name}, and none numbered ${block}`,
      'name a block of the relation; the first number of a ctid is one',
    );
  }
  const segment = Math.floor(block / Number(row.segment));
  return {
    file: `${node.dataDir}/${row.path}${segment === 0 ? '' : `.${segment}`}`,
    index: block % Number(row.segment),
  };
}

/** Leaves nothing about the page in the WAL that the member will replay when it starts again. */
async function settle(run: WaitContext, leader: PatroniNode, node: PatroniNode): Promise<void> {
  await leader.query('CHECKPOINT');
  if (leader.name === node.name) return;
  const lsn = await leader.value('SELECT pg_current_wal_lsn()');
  await until(
    'replay caught up',
    run,
    async () => compareLsn(await node.value("SELECT coalesce(pg_last_wal_replay_lsn(), '0/0')"), lsn) >= 0,
  );
  await node.query('CHECKPOINT');
}

async function readBlock(node: PatroniNode, { file, index }: BlockPlace): Promise<Buffer> {
  const dd = `dd if="$0" bs=${PAGE_BYTES} skip=${index} count=1 status=none | base64 -w0`;
  const { stdout } = await node.exec(['bash', '-o', 'pipefail', '-c', dd, file], { user: 'postgres' });
  return Buffer.from(stdout, 'base64');
}

async function writeBlock(
  run: WaitContext,
  node: PatroniNode,
  { file, index }: BlockPlace,
  page: Buffer,
): Promise<void> {
  const dd = ['dd', `of=${file}`, `bs=${PAGE_BYTES}`, `seek=${index}`, 'conv=notrunc,fsync', 'status=none'];
  await limited('command in a container', run, (signal) =>
    node.container.exec(dd, { user: 'postgres', input: page, check: true, signal }),
  );
}
