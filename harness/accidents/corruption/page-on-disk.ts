import { escapeIdentifier } from 'pg';
import type { PatroniNode } from '../../cluster/patroni-node';
import { compareLsn } from '../../formats/lsn';
import { PAGE_BYTES } from '../../formats/page-header';
import { PgdrillError } from '../../record/errors';
import { limited, until, type WaitContext } from '../../run/until';

/** A block in the files of a member. */
export interface BlockPlace {
  file: string;
  /** Number of the block in that file. */
  index: number;
}

/**
 * The segment file and the place in it: relations are cut into files of `segment_size`, 1 GiB (documentation, 73.1).
 * @param relation as SQL names it: `book.tickets`
 * @throws PGDRILL_PAGE_EDIT where the relation has no such block
 */
export async function locate(
  node: PatroniNode,
  database: string,
  relation: string,
  block: number,
): Promise<BlockPlace> {
  const [row] = await node.query<{ path: string; blocks: string; segment: string }>(
    `SELECT pg_relation_filepath($1::regclass) AS path,
            pg_relation_size($1::regclass) / current_setting('block_size')::int AS blocks,
            (SELECT setting FROM pg_settings WHERE name = 'segment_size') AS segment`,
    [quotedRelation(relation)],
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

/** `schema.relation`, quoted. */
export function quotedRelation(relation: string): string {
  return relation.split('.').map(escapeIdentifier).join('.');
}

/** Leaves nothing about a page in memory that is to be written yet, nor in the WAL that the member will replay when it starts again. */
export async function settle(run: WaitContext, leader: PatroniNode, node: PatroniNode): Promise<void> {
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

/** What the file has, past the buffers of any server. Empty where the file ends before the block. */
export async function readBlock(node: PatroniNode, { file, index }: BlockPlace): Promise<Buffer> {
  const dd = `dd if="$0" bs=${PAGE_BYTES} skip=${index} count=1 status=none | base64 -w0`;
  const { stdout } = await node.exec(['bash', '-o', 'pipefail', '-c', dd, file], { user: node.osUser });
  return Buffer.from(stdout, 'base64');
}

/** Writes one block into the file, and through to the disk. */
export async function writeBlock(
  run: WaitContext,
  node: PatroniNode,
  { file, index }: BlockPlace,
  page: Buffer,
): Promise<void> {
  const dd = ['dd', `of=${file}`, `bs=${PAGE_BYTES}`, `seek=${index}`, 'conv=notrunc,fsync', 'status=none'];
  await limited('command in a container', run, (signal) =>
    node.container.exec(dd, { user: node.osUser, input: page, check: true, signal }),
  );
}
