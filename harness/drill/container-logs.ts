import { barmanLogFile } from '../cluster/barman-config';
import { findContainers, type Container } from '../engine/container';
import type { Engine } from '../engine/connect';
import { messageOf } from '../record/errors';
import { labels } from '../run/ids';
import type { Run } from '../run/run';
import { limited } from '../run/until';

/**
 * Keeps the log of every container of the run in its folder, Barman's own log behind that of its container, with secrets
 * taken out. Not tied to the run's signal: an interrupted run is the one whose logs are wanted.
 */
export async function keepLogs(run: Run, engine: Engine): Promise<void> {
  const context = { deadlineScale: run.deadlineScale, signal: new AbortController().signal };
  try {
    await limited('logs saved', context, async () => {
      const containers = await findContainers(engine, { [labels.run]: run.id });
      await Promise.all(
        containers.map(async (container) => {
          const name = container.labels[labels.member] ?? container.name;
          const reference = run.recorder.write(
            `logs/${name}.log`,
            (await container.logs()) + (await ownLog(container)),
          );
          run.recorder.record({ kind: 'file', what: `log of ${name}`, reference });
        }),
      );
    });
  } catch (error) {
    run.recorder.record({ kind: 'warning', text: `the containers' logs could not be kept: ${messageOf(error)}` });
  }
}

/**
 * What Barman writes into a file of its own, and nowhere else: why it refused. Where it cannot be read, that stands in its
 * place.
 */
async function ownLog(container: Container): Promise<string> {
  if (container.labels[labels.role] !== 'barman') return '';
  const text = await container
    .readFile(barmanLogFile)
    .catch((error: unknown) => `could not be read: ${messageOf(error)}\n`);
  return `\n== ${barmanLogFile}\n${text}`;
}
