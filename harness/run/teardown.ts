import { messageOf } from '../record/errors';
import { deadlineMs, type DeadlineName } from './deadlines';

interface Undo {
  name: string;
  deadline: DeadlineName;
  undo: () => Promise<void>;
}

export interface TeardownFailure {
  name: string;
  error: string;
}

/**
 * What has to be undone when a run ends. An undo is registered BEFORE its set-up begins, so it must be idempotent and
 * find its objects by label. Last in, first out; every undo is tried, failures are collected.
 */
export class Teardown {
  private readonly undos: Undo[] = [];

  /** Registers an undo; returns a function that takes it back (a thing handed over, `--keep`). */
  add(name: string, deadline: DeadlineName, undo: () => Promise<void>): () => void {
    const entry = { name, deadline, undo };
    this.undos.push(entry);
    return () => {
      const index = this.undos.indexOf(entry);
      if (index >= 0) this.undos.splice(index, 1);
    };
  }

  /**
   * Undoes everything. Not interruptible by the run's signal: it is what runs after an interrupt.
   * @param scale factor of the deadlines
   */
  async run(scale = 1): Promise<TeardownFailure[]> {
    const failures: TeardownFailure[] = [];
    for (let entry = this.undos.pop(); entry; entry = this.undos.pop()) {
      const limit = deadlineMs(entry.deadline, scale);
      let timer: NodeJS.Timeout | undefined;
      try {
        const late = new Promise<never>((_, reject) => {
          timer = setTimeout(() => reject(new Error(`not undone within ${limit} ms`)), limit);
        });
        await Promise.race([entry.undo(), late]);
      } catch (error) {
        failures.push({ name: entry.name, error: messageOf(error) });
      } finally {
        clearTimeout(timer);
      }
    }
    return failures;
  }
}
