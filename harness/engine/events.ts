import { setMaxListeners } from 'node:events';
import type { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import type { PgdrillError } from '../record/errors';
import { messageOf } from '../record/errors';
import { limited, pause } from '../run/until';
import type { Engine } from './connect';
import { engineDied } from './failures';

/**
 * Tells, once, when the engine dies in the middle: its stream of events ends and it does not answer a ping. A stream
 * that ends while the engine answers (a proxy's idle limit) is opened again. Does not keep the process alive.
 * @returns how to stop watching; idempotent
 */
export function watchEngine(engine: Engine, onGone: (error: PgdrillError) => void): () => void {
  const stopped = new AbortController();
  setMaxListeners(0, stopped.signal);
  const watch = async () => {
    for (;;) {
      const why = await endOfEvents(engine, stopped.signal);
      if (stopped.signal.aborted) return;
      try {
        await limited('engine answers', { deadlineScale: 1, signal: stopped.signal }, () => engine.docker.ping());
      } catch (error) {
        if (!stopped.signal.aborted) onGone(engineDied(`when its events ended (${why}): ${messageOf(error)}`, error));
        return;
      }
      await pause(500, stopped.signal);
    }
  };
  void watch();
  return () => stopped.abort();
}

/** Reads events until there are no more; returns why. */
async function endOfEvents(engine: Engine, signal: AbortSignal): Promise<string> {
  try {
    const stream = (await engine.docker.getEvents({ filters: { type: ['daemon'] }, abortSignal: signal })) as Readable;
    (stream as Readable & { socket?: { unref(): void } }).socket?.unref();
    const stop = () => stream.destroy();
    signal.addEventListener('abort', stop, { once: true });
    try {
      await finished(stream.resume());
    } finally {
      signal.removeEventListener('abort', stop);
    }
    return 'the stream was closed';
  } catch (error) {
    return messageOf(error);
  }
}
