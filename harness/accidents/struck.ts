import { z } from 'zod';
import type { Cluster } from '../cluster/cluster';
import { PgdrillError } from '../record/errors';
import { proofSchema } from '../record/incident';
import { time } from '../record/values';

/** One accident that struck a cluster, as it is kept with the cluster: enough to undo it from any later process. */
export const struckSchema = z.object({
  id: z.number().int().describe('1, 2, … in the order in which they struck'),
  accident: z.string(),
  role: z.string(),
  struck: z.array(z.string()),
  options: z.record(z.string(), z.unknown()),
  notes: z.record(z.string(), z.string()),
  begunAt: time,
  /** `striking`: cut off, perhaps half done. `left`: nothing can undo it, and somebody was told so. */
  state: z.enum(['striking', 'struck', 'mended', 'left']),
  proof: proofSchema.optional(),
  mended: z.string().optional(),
});
export type Struck = z.infer<typeof struckSchema>;

const listSchema = z.object({ format: z.literal(1), struck: z.array(struckSchema) });

/** In the volume of the cluster's description: it is there as long as the cluster is. */
const struckPath = '/var/lib/pgdrill/struck.json';

/**
 * What has struck a cluster so far, oldest first. Read and written through the engine: Barman's container need not run.
 * @throws PGDRILL_STRUCK_UNREADABLE
 */
export async function readStruck(cluster: Cluster): Promise<Struck[]> {
  let text: string;
  try {
    text = await cluster.barman.container.readFile(struckPath);
  } catch (error) {
    if (error instanceof PgdrillError && error.code === 'PGDRILL_FILE_MISSING') return [];
    throw error;
  }
  try {
    return listSchema.parse(JSON.parse(text)).struck;
  } catch (cause) {
    throw new PgdrillError(
      'PGDRILL_STRUCK_UNREADABLE',
      `${struckPath} of the cluster, which tells what has struck it, cannot be read`,
      'remove the cluster (pgdrill down) and boot another one',
      { cause },
    );
  }
}

/** Notes an accident that is about to strike. @returns its entry */
export async function noteStriking(cluster: Cluster, entry: Omit<Struck, 'id' | 'state'>): Promise<Struck> {
  const all = await readStruck(cluster);
  const noted: Struck = { ...entry, id: (all.at(-1)?.id ?? 0) + 1, state: 'striking' };
  await writeStruck(cluster, [...all, noted]);
  return noted;
}

/** Changes one entry. */
export async function noteOf(cluster: Cluster, id: number, change: Partial<Omit<Struck, 'id'>>): Promise<void> {
  const all = await readStruck(cluster);
  await writeStruck(
    cluster,
    all.map((one) => (one.id === id ? { ...one, ...change } : one)),
  );
}

async function writeStruck(cluster: Cluster, struck: Struck[]): Promise<void> {
  const content = `${JSON.stringify({ format: 1, struck }, undefined, 2)}\n`;
  await cluster.barman.container.putFiles([{ target: struckPath, content, mode: 0o600 }]);
}
