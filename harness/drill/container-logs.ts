import { findContainers } from '../engine/container';
import type { Engine } from '../engine/connect';
import { messageOf } from '../record/errors';
import { labels } from '../run/ids';
import type { Run } from '../run/run';
import { limited } from '../run/until';

/**
 * Keeps the log of every container of the run in its folder, with secrets taken out. Not tied to the run's signal: an
 * interrupted run is the one whose logs are wanted.
 */
export async function keepLogs(run: Run, engine: Engine): Promise<void> {
  const context = { deadlineScale: run.deadlineScale, signal: new AbortController().signal };
  try {
    await limited('logs saved', context, async () => {
      const containers = await findContainers(engine, { [labels.run]: run.id });
      await Promise.all(
        containers.map(async (container) => {
          const name = container.labels[labels.member] ?? container.name;
          const reference = run.recorder.write(`logs/${name}.log`, await container.logs());
          run.recorder.record({ kind: 'file', what: `log of ${name}`, reference });
        }),
      );
    });
  } catch (error) {
    run.recorder.record({ kind: 'warning', text: `the containers' logs could not be kept: ${messageOf(error)}` });
  }
}
