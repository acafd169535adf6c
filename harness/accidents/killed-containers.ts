import type { Cluster } from '../cluster/cluster';
import type { Container } from '../engine/container';
import type { Run } from '../run/run';
import { nowText } from '../run/recorder';
import { until } from '../run/until';
import type { Deal } from './accident';
import { victimsNamed } from './victims';

/** 128 and the number of SIGKILL. */
const KILLED = 137;

/**
 * SIGKILL to each, all at the same time.
 * @returns when, and those that the engine has not as ended by it, with how it has them
 */
export async function killContainers(
  { run, deal }: { run: Run; deal: Deal },
  containers: readonly Container[],
): Promise<{ struckAt: string; wrong: string[] }> {
  await deal(() => Promise.all(containers.map((container) => container.kill())));
  const struckAt = nowText();
  const wrong: string[] = [];
  for (const container of containers) {
    const state = await until('accident proven', run, async () => {
      const { State } = await container.inspect();
      return State.Running ? undefined : State;
    });
    if (state.ExitCode !== KILLED) wrong.push(`${container.name} (exit code ${state.ExitCode})`);
  }
  return { struckAt, wrong };
}

/** Starts them again, those that run left alone. @param names of members, etcd members, `barman` */
export async function startContainers(cluster: Cluster, names: readonly string[]): Promise<string> {
  const { containers } = victimsNamed(cluster, 'every-container', names);
  await Promise.all(containers.map((container) => container.start()));
  return `${names.join(', ')} started again`;
}
