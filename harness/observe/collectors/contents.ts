import type { Cluster } from '../../cluster/cluster';
import type { PatroniNode } from '../../cluster/patroni-node';
import type { MemberEvidence } from '../../record/evidence';
import { throwIfInterrupted, type WaitContext } from '../../run/until';
import { readContent, type TakenBaseline } from './baseline';
import type { ReadContent } from './content';
import { narrow } from './narrow';
import { errorLine } from './reading-error';

/**
 * The content of a member database by database: one that cannot be read leaves the others, and says why. What differs
 * from the baseline is narrowed to rows and objects.
 * @param databases those that are compared
 * @param taken the baseline; without it nothing is compared
 * @param unread told once, when something could not be read
 */
export async function readContents(
  context: WaitContext,
  cluster: Cluster,
  node: PatroniNode,
  databases: readonly string[],
  taken: TakenBaseline | undefined,
  unread: (why: string) => void,
): Promise<Pick<MemberEvidence, 'content' | 'narrowed'>> {
  const read = new Map<string, ReadContent>();
  const failed: string[] = [];
  for (const database of databases) {
    const before = taken?.baseline.databases[database];
    try {
      read.set(database, await readContent(context, node, database, before ? { like: before } : {}));
    } catch (error) {
      throwIfInterrupted(context.signal);
      failed.push(`${database}: ${errorLine(error)}`);
    }
  }
  if (failed.length > 0) unread(failed.join('; '));
  const content = Object.fromEntries([...read].map(([database, found]) => [database, found.content]));
  const narrowed = taken && (await narrow(context, cluster, node, taken, read));
  return { content, ...(narrowed ? { narrowed } : {}) };
}
