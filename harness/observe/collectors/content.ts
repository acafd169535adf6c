import type { Client } from 'pg';
import type { Content, Fingerprint } from '../../record/fingerprint';
import { inOneSnapshot, overLanes, type Connect } from './content-session';
import { fingerprint, sampleOf, type Sampling } from './fingerprints';
import { collectLargeObjects } from './large-objects';
import { collectExtensions, schemaDigest, schemaLines } from './schema';
import { collectSequences } from './sequences';
import { hasStoredDigests } from './stored-digest';
import { listTables, type Table } from './tables';
import { collectUnlogged } from './unlogged';

export interface ContentOptions extends Sampling {
  /** What was read before: tables are sampled as they were then. */
  like?: Content;
  /** Called for every table with what was found, in the snapshot of it all. */
  table?: (client: Client, table: Table, found: Fingerprint, stored: boolean) => Promise<void>;
}

/** The content of a database, and the lines of which its `schema` is the digest. */
export interface ReadContent {
  content: Content;
  schemaLines: string[];
}

/** Connections with which one database is read: while one reads a large table, the other reads all else. */
const LANES = 2;

/**
 * The content of one database in one snapshot: a fingerprint of every permanent table and materialised view, sequences,
 * schema, extensions, large objects, unlogged tables. Reads only; works on a standby.
 * @throws what the server says; a recovery conflict among it
 */
export async function collectContent(connect: Connect, options: ContentOptions = {}): Promise<ReadContent> {
  return inOneSnapshot(connect, LANES, async (clients) => {
    const first = clients[0]!;
    const stored = await hasStoredDigests(first);
    const tables = await listTables(first);
    const found = new Map<string, Fingerprint>();
    let lines: string[] = [];
    const others: Pick<Content, 'sequences' | 'extensions' | 'largeObjects' | 'unlogged'> = { sequences: {} };
    await overLanes(clients, [
      // The largest first, so that the lanes end together.
      ...[...tables]
        .sort((a, b) => b.bytes - a.bytes)
        .map((table) => async (client: Client) => {
          const oneIn = sampleOf(table, options, options.like?.tables[table.name]);
          found.set(table.name, await fingerprint(client, table, stored, oneIn));
        }),
      async (client) => void (lines = await schemaLines(client)),
      async (client) => void (others.sequences = await collectSequences(client)),
      async (client) => void (others.largeObjects = await collectLargeObjects(client, stored)),
      async (client) => void (others.unlogged = await collectUnlogged(client)),
      async (client) => void (others.extensions = await collectExtensions(client)),
    ]);
    const inOrder: Record<string, Fingerprint> = {};
    for (const table of tables) {
      const one = found.get(table.name);
      if (!one) continue;
      inOrder[table.name] = one;
      await options.table?.(first, table, one, stored);
    }
    return { content: { tables: inOrder, schema: schemaDigest(lines), ...others }, schemaLines: lines };
  });
}
