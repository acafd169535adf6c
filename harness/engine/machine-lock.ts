import os from 'node:os';
import path from 'node:path';
import { takeLock } from '../../bin/machine/lock.cjs';
import { throwIfInterrupted } from '../run/until';
import { machineFailure } from './failures';

/**
 * Does something while no other process of this machine does the same: a file in the folder for temporary files, naming
 * its holder's pid and start time, taken over when that process is gone.
 * @param doing how others are told what they wait for: `building the image node`
 * @throws PGDRILL_LOCK when the lock cannot be had; what `work` throws
 */
export async function withLock<T>(
  name: string,
  doing: string,
  { progress, signal }: { progress(text: string): void; signal: AbortSignal },
  work: () => Promise<T>,
): Promise<T> {
  const lock = await takeLock(path.join(os.tmpdir(), name), { doing, signal, say: progress }).catch(
    (error: unknown) => {
      throwIfInterrupted(signal);
      throw machineFailure(error);
    },
  );
  try {
    return await work();
  } finally {
    lock.release();
  }
}
