import type { Readable } from 'node:stream';
import { readFrames, type Frame } from './frames';

export type LogListener = (line: string, source: Frame['source']) => void;

/**
 * Hands the lines of a followed log to a listener until the log ends (the container stops) or it is told to stop.
 * @returns how to stop; idempotent
 */
export function followFrames(stream: Readable, listener: LogListener): () => void {
  (stream as Readable & { socket?: { unref(): void } }).socket?.unref();
  const rest = { stdout: '', stderr: '' };
  const read = async () => {
    for await (const { source, data } of readFrames(stream)) {
      const lines = (rest[source] + data.toString()).split('\n');
      rest[source] = lines.pop() ?? '';
      for (const line of lines) listener(line, source);
    }
  };
  // A log that breaks off tells nothing that watching the container or the engine does not tell better.
  read().catch(() => undefined);
  return () => stream.destroy();
}
