import type { Run } from '../run/run';

/** How a recovery without a journal tells what it is at. */
export type Narrate = <T>(id: string, title: string, doing: () => Promise<[T, summary: string]>) => Promise<T>;

/** Records each step as it begins and ends. */
export function narrator({ recorder }: Run, episode: number): Narrate {
  return async (step, title, doing) => {
    const started = performance.now();
    const durationMs = () => Math.round(performance.now() - started);
    recorder.record({ kind: 'step-started', episode, step, title });
    try {
      const [value, summary] = await doing();
      recorder.record({ kind: 'step-ended', episode, step, title, outcome: 'done', durationMs: durationMs(), summary });
      return value;
    } catch (error) {
      recorder.record({ kind: 'step-ended', episode, step, title, outcome: 'failed', durationMs: durationMs() });
      throw error;
    }
  };
}
