import { readFileSync, writeFileSync } from 'node:fs';
import { z } from 'zod';

const commands = { start: z.array(z.string()).min(1), stop: z.array(z.string()).min(1) };

const rememberedSchema = z.object({
  format: z.literal(1),
  /** By container. */
  members: z.record(
    z.string(),
    z.object({
      configFile: z.string().optional(),
      ...commands,
      osUser: z.string(),
      binDir: z.string(),
    }),
  ),
  /** How receive-wal is started and stopped. */
  receiving: z.object(commands).optional(),
});
/** What of a cluster stays the same in the middle of a recovery. */
type RememberedCluster = z.infer<typeof rememberedSchema>;

/**
 * What was discovered by Patroni's own processes lies beside the description: in the middle of a recovery Patroni runs
 * nowhere, and whoever goes on with it has to know the same. Nothing secret is in it.
 */
export function rememberedFile(description: string): string {
  return `${description}.discovered.json`;
}

/** What an earlier process has discovered; nothing where there is no such file, or it cannot be read. */
export function readRemembered(description: string): RememberedCluster {
  try {
    return rememberedSchema.parse(JSON.parse(readFileSync(rememberedFile(description), 'utf8')));
  } catch {
    return { format: 1, members: {} };
  }
}

/** @returns false where the file cannot be written: then a recovery cannot be gone on with by the description alone */
export function writeRemembered(description: string, found: RememberedCluster): boolean {
  try {
    writeFileSync(rememberedFile(description), `${JSON.stringify(found, null, 2)}\n`, { mode: 0o600 });
    return true;
  } catch {
    return false;
  }
}
