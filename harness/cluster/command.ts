import type { Container, ExecResult } from '../engine/container';
import type { DeadlineName } from '../run/deadlines';
import { limited, type WaitContext } from '../run/until';

export interface CommandOptions {
  /** Default: root. */
  user?: string;
  deadline?: DeadlineName;
  /** Fail with the command's output unless it ends with 0. Default true. */
  check?: boolean;
}

/** Runs a command in a container of a cluster, under a deadline. @throws PGDRILL_COMMAND_FAILED, PGDRILL_DEADLINE */
export async function runCommand(
  context: WaitContext,
  container: Container,
  command: string[],
  options: CommandOptions = {},
): Promise<ExecResult> {
  const { user = 'root', deadline = 'command in a container', check = true } = options;
  return limited(deadline, context, (signal) => container.exec(command, { signal, check, user }));
}
