import os from 'node:os';
import { startOf } from '../../bin/machine/process-table.cjs';
import { labels } from '../run/ids';

/**
 * Names this process for `pgdrill.owner`: `<hostname>/<pid>/<start>`, the start in clock ticks since boot (proc(5),
 * /proc/pid/stat field 22), so that a recycled pid is not taken for it.
 */
export function ownerLabel(): string {
  return `${os.hostname()}/${process.pid}/${startOf(process.pid) ?? '?'}`;
}

/**
 * Whether the process named by an owner label is known to be gone. A label of another host is never known: several
 * containers, each a host of its own with pids of its own, may share one engine, and what a container that is gone has
 * left cannot be told from what a living one uses. `pgdrill down` removes that by name.
 */
export function ownerIsGone(owner: string): boolean {
  const [host, pid, started] = owner.split('/');
  if (host !== os.hostname() || !/^\d+$/.test(pid ?? '')) return false;
  const now = startOf(Number(pid));
  return now === null || (now !== '?' && started !== '?' && now !== started);
}

/** The labels of everything that a run makes. */
export function labelsOf(run: string, more: Record<string, string> = {}): Record<string, string> {
  return { ...more, [labels.run]: run, [labels.owner]: ownerLabel() };
}
