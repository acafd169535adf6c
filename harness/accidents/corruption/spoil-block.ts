import { createHash } from 'node:crypto';
import type { PatroniNode } from '../../cluster/patroni-node';
import { restartMember } from '../../operations/restart-member';
import type { StrikeContext } from '../accident';
import type { Striking, UndoContext } from '../kind';
import { readBlock, settle, writeBlock, type BlockPlace } from './page-on-disk';

/** What is noted of a block before it is touched: enough to put it back, wherever the strike was cut off. */
export interface SpoiledBlock {
  relation: string;
  block: number;
  place: BlockPlace;
}

const digest = (page: Buffer): string => createHash('sha256').update(page).digest('hex');

/** Notes for `prepare`: the block as it is on disk, once the server has written what it holds of it. */
export async function notesOf(
  { run, cluster }: StrikeContext,
  node: PatroniNode,
  { relation, block, place }: SpoiledBlock,
  spoil: (page: Buffer) => Buffer,
): Promise<Record<string, string>> {
  await settle(run, await cluster.leader(), node);
  const original = await readBlock(node, place);
  return {
    relation,
    block: String(block),
    file: place.file,
    index: String(place.index),
    original: original.toString('base64'),
    spoiled: spoil(original).toString('base64'),
  };
}

/** The block on disk becomes the spoiled one, under the running server. @returns it as it was read back */
export async function writeSpoiled(
  { run, deal }: Striking,
  node: PatroniNode,
  notes: Readonly<Record<string, string>>,
  { cached, database }: { cached: boolean; database: string },
): Promise<{ original: Buffer; spoiled: Buffer; found: Buffer }> {
  const place = { file: notes.file!, index: Number(notes.index) };
  const original = Buffer.from(notes.original!, 'base64');
  const spoiled = Buffer.from(notes.spoiled!, 'base64');
  if (cached) {
    // Into the buffers, sound as it is.
    await node.query('SELECT pg_prewarm($1::regclass)', [notes.relation], database);
  } else {
    await deal(() => restartMember(run, node));
  }
  await deal(() => writeBlock(run, node, place, spoiled));
  return { original, spoiled, found: await readBlock(node, place) };
}

/** The block as it was, where it is still the spoiled one: what was copied or written anew meanwhile is left alone. */
export async function putBackBlock({ run, cluster, struck, notes }: UndoContext<unknown>): Promise<string> {
  const node = cluster.member(struck[0]!);
  const place = { file: notes.file!, index: Number(notes.index) };
  const what = `block ${notes.block} of ${notes.relation} on ${node.name}`;
  const { exitCode } = await node.exec(['test', '-e', place.file], { check: false });
  const now = exitCode === 0 ? await readBlock(node, place) : Buffer.alloc(0);
  if (digest(now) !== digest(Buffer.from(notes.spoiled!, 'base64'))) return `${what} is not the spoiled one any more`;
  await writeBlock(run, node, place, Buffer.from(notes.original!, 'base64'));
  return `${what} is as it was`;
}
