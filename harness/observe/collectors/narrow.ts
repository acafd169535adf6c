import type { Client } from 'pg';
import type { Cluster } from '../../cluster/cluster';
import type { PatroniNode } from '../../cluster/patroni-node';
import { compareFingerprints } from '../../formats/fingerprint';
import { lineDifferences } from '../../formats/row-comparison';
import type { MemberEvidence } from '../../record/evidence';
import type { Content } from '../../record/fingerprint';
import type { NarrowedSchema, NarrowedTable } from '../../record/narrowing';
import { limited, throwIfInterrupted, type WaitContext } from '../../run/until';
import type { TakenBaseline } from './baseline';
import type { ReadContent } from './content';
import { inOneSnapshot } from './content-session';
import { narrowTable, type Reference } from './narrow-table';
import { errorLine } from './reading-error';
import { hasStoredDigests } from './stored-digest';
import { listTables } from './tables';

type Narrowed = NonNullable<MemberEvidence['narrowed']>;

/** Tables of one database that are narrowed; more are all that a reader takes in. */
const MOST_TABLES = 10;

/** Lines of the catalogue that are told, and how much of each. */
const MOST_LINES = 10;
const LINE_LENGTH = 300;

/**
 * Where a member's content differs from the baseline: which rows, which objects. Read once a difference is known; nothing
 * when there is none.
 * @param read what was found on the member, by database
 */
export async function narrow(
  context: WaitContext,
  cluster: Cluster,
  node: PatroniNode,
  taken: TakenBaseline,
  read: ReadonlyMap<string, ReadContent>,
): Promise<Narrowed | undefined> {
  const narrowed: Narrowed = { tables: [], schemas: [] };
  for (const [database, { content, schemaLines }] of read) {
    const before = taken.baseline.databases[database];
    if (!before) continue;
    const tables = differingTables(before, content);
    if (tables.length > 0) {
      narrowed.tables.push(...(await narrowTables(context, cluster, node, taken, database, tables)));
    }
    if (before.schema !== content.schema) {
      narrowed.schemas.push(narrowSchema(database, taken.schemaLines.get(database) ?? [], schemaLines));
    }
  }
  return narrowed.tables.length + narrowed.schemas.length === 0 ? undefined : narrowed;
}

/** Tables that are there before and now, and are not the same. */
function differingTables(before: Content, now: Content): string[] {
  return Object.keys(before.tables)
    .sort()
    .filter((name) => {
      const [then, here] = [before.tables[name], now.tables[name]];
      return then && here && /rows|content/.test(compareFingerprints(then, here));
    });
}

async function narrowTables(
  context: WaitContext,
  cluster: Cluster,
  node: PatroniNode,
  taken: TakenBaseline,
  database: string,
  names: readonly string[],
): Promise<NarrowedTable[]> {
  const chosen = names.slice(0, MOST_TABLES);
  const failed = (error: unknown): NarrowedTable[] => {
    throwIfInterrupted(context.signal);
    return chosen.map((table) => ({ database, table, against: 'nothing', rows: [], limit: errorLine(error) }));
  };
  return limited('evidence gathered', context, () =>
    inOneSnapshot(
      () => node.connect(database),
      1,
      async ([client]) => {
        const narrowed: NarrowedTable[] = [];
        const tables = new Map((await listTables(client!)).map((table) => [table.name, table]));
        const stored = await hasStoredDigests(client!);
        for (const name of chosen) {
          const table = tables.get(name);
          const before = taken.baseline.databases[database]?.tables[name];
          if (!table || !before) continue;
          const reference: Reference = {
            before,
            kept: taken.rows.rows(database, name),
            limit: taken.rows.limit,
            others: cluster.others(node.name).map((other) => ({
              name: other.name,
              connect: (): Promise<Client> => other.connect(database),
            })),
          };
          narrowed.push({ database, ...(await narrowTable(client!, table, stored, reference)) });
        }
        return narrowed;
      },
    ),
  ).catch(failed);
}

function narrowSchema(database: string, before: readonly string[], now: readonly string[]): NarrowedSchema {
  const differences = lineDifferences(before, now);
  return {
    database,
    differing: differences.length,
    lines: differences.slice(0, MOST_LINES).map(({ how, line }) => {
      const one = line.replace(/\s+/g, ' ');
      return { how, line: one.length > LINE_LENGTH ? `${one.slice(0, LINE_LENGTH)}…` : one };
    }),
  };
}
