import { existsSync, readFileSync, statfsSync } from 'node:fs';
import { PgdrillError } from '../record/errors';
import type { Engine } from './connect';

export interface Resources {
  /** Free bytes where the engine keeps images, containers and volumes; undefined when that is not on this machine. */
  diskFreeBytes?: number;
  /** Bytes that new processes can use without swapping, within the limits of the control group; undefined off Linux. */
  memoryAvailableBytes?: number;
}

/** What is free on the machine now. */
export function readResources(engine: Engine): Resources {
  return { diskFreeBytes: freeDisk(engine.dataRoot), memoryAvailableBytes: availableMemory() };
}

function freeDisk(folder: string): number | undefined {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize;
  } catch {
    // Docker Desktop: the data root lies in its virtual machine.
    return undefined;
  }
}

function availableMemory(): number | undefined {
  const kilobytes = /^MemAvailable:\s+(\d+) kB$/m.exec(textOf('/proc/meminfo'))?.[1];
  if (kilobytes === undefined) return undefined;
  return Math.min(Number(kilobytes) * 1024, underLimit());
}

/** What a control group's limit leaves: pgdrill in a container of limited memory, its engine inside. */
function underLimit(): number {
  const two = '/sys/fs/cgroup';
  const one = '/sys/fs/cgroup/memory';
  const limit = Number(textOf(`${two}/memory.max`).trim() || textOf(`${one}/memory.limit_in_bytes`).trim() || 'NaN');
  const used = Number(textOf(`${two}/memory.current`).trim() || textOf(`${one}/memory.usage_in_bytes`).trim() || 'NaN');
  // Page cache counts as used, yet is given up on demand (cgroup-v2, memory.stat).
  const statistics = textOf(`${two}/memory.stat`) || textOf(`${one}/memory.stat`);
  const cache = Number(/^(?:total_)?inactive_file (\d+)$/m.exec(statistics)?.[1] ?? 0);
  return Number.isFinite(limit) && Number.isFinite(used) ? Math.max(0, limit - used + cache) : Infinity;
}

function textOf(file: string): string {
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}

/**
 * Checks the machine against what a drill needs, before anything is made. What cannot be known is taken to suffice.
 * @throws PGDRILL_DISK_LOW, PGDRILL_MEMORY_LOW, with the figures
 */
export function requireResources(
  engine: Engine,
  needs: { diskBytes: number; memoryBytes: number },
  found: Resources = readResources(engine),
): void {
  const { diskFreeBytes: disk = Infinity, memoryAvailableBytes: memory = Infinity } = found;
  if (disk < needs.diskBytes) {
    throw new PgdrillError(
      'PGDRILL_DISK_LOW',
      `${sizeOf(disk)} are free under ${engine.dataRoot}, and the drill needs ${sizeOf(needs.diskBytes)}`,
      'free some space there: `pgdrill down --all`, `docker image prune`, `docker builder prune`; or take a smaller dataset',
    );
  }
  if (memory < needs.memoryBytes) {
    throw new PgdrillError(
      'PGDRILL_MEMORY_LOW',
      `${sizeOf(memory)} of memory are available, and the drill needs ${sizeOf(needs.memoryBytes)}`,
      'end other programs or clusters (`pgdrill down --all`), or drill with fewer nodes (--nodes) or a smaller dataset',
    );
  }
}

function sizeOf(bytes: number): string {
  return bytes < 1e9 ? `${Math.round(bytes / 1e6)} MB` : `${(bytes / 1e9).toFixed(1)} GB`;
}
