import path from 'node:path';
import { z } from 'zod';
import type { PatroniNode } from '../../cluster/patroni-node';
import { until } from '../../run/until';
import { defineAccident } from '../define-accident';

/** PostgreSQL's words, of whichever program wrote. */
const full = /(PANIC|FATAL|ERROR):.*pg_wal.*No space left on device/;

/** Bytes that are moved through the WAL until a new segment is needed: a segment at a time. */
const PUSH_BYTES = 16 * 1024 * 1024;

export const diskFull = defineAccident({
  name: 'disk-full',
  family: 'failover',
  title: 'no space left for WAL',
  does: 'The file system of pg_wal is filled by a file beside it, and WAL is written until PostgreSQL needs a segment for which there is no room: it goes down with PANIC.',
  strikes: ['leader', 'replica'],
  options: z.object({}),
  proof: 'the server log says "No space left on device" of a file in pg_wal, and df that no byte is free',
  undone: 'the file is removed',
  neverTouches: 'pg_wal itself, the data directory',
  stopsWrites: true,
  async lacks(_context, { nodes: [node] }) {
    const { wal, data } = await fileSystemsOf(node!);
    if (wal !== data) return undefined;
    return `pg_wal of ${node!.name} has no file system of its own (${wal} has its data, too); in a drill: disks: { walBytes: … }, by hand: pgdrill up --wal-mb 512`;
  },
  async prepare(_context, { nodes: [node] }) {
    return { fill: `${(await fileSystemsOf(node!)).wal}/pgdrill-fill` };
  },
  async strike({ run, cluster, deal }, { nodes: [node] }, _options, { fill }) {
    const leader = await cluster.leader();
    const before = (await node!.serverLog()).length;
    // It ends where there is no room left, which is what it is for.
    await deal(() => node!.exec(['dd', 'if=/dev/zero', `of=${fill}`, 'bs=64k', 'status=none'], { check: false }));
    const expected = `no room for WAL on ${node!.name}`;
    const free = await freeBytes(node!, fill!);
    if (free !== '0') return { proof: { took: false, expected, found: `${free} bytes free` } };
    const line = await until('accident proven', run, async () => {
      const said = (await node!.serverLog()).slice(before).split('\n');
      const found = said.find((one) => full.test(one));
      if (found !== undefined) return found;
      await leader.query(`SELECT pg_logical_emit_message(true, 'pgdrill', repeat('x', ${PUSH_BYTES}))`);
      return undefined;
    });
    const left = await freeBytes(node!, fill!);
    return { proof: { took: left === '0', expected, found: `${left} bytes free; ${line}` } };
  },
  async undo({ cluster, struck, notes }) {
    for (const name of struck) await cluster.member(name).exec(['rm', '-f', notes.fill!]);
    return `room for WAL again on ${struck.join(', ')}`;
  },
});

/** Bytes that are free beside a file, which need not be there. */
async function freeBytes(node: PatroniNode, file: string): Promise<string> {
  const { stdout } = await node.exec(['df', '-B1', '--output=avail', path.posix.dirname(file)]);
  return stdout.trim().split('\n').at(-1)!.trim();
}

/** Where the file systems of a member's WAL and of its data are mounted. */
async function fileSystemsOf(node: PatroniNode): Promise<{ wal: string; data: string }> {
  const { stdout } = await node.exec(['df', '--output=target', `${node.dataDir}/pg_wal/`, node.dataDir]);
  const [, wal = '', data = ''] = stdout.trim().split('\n');
  return { wal: wal.trim(), data: data.trim() };
}
