import type { Container, ExecResult } from '../engine/container';
import { PgdrillError } from '../record/errors';
import type { DeadlineName } from '../run/deadlines';
import type { WaitContext } from '../run/until';
import { runCommand, type CommandOptions } from './command';
import type { ClusterDescription } from './description';

/** The Barman server of a cluster: commands in its container. Reads JSON, never tables. */
export class BarmanServer {
  constructor(
    private readonly context: WaitContext,
    private readonly description: ClusterDescription,
    readonly container: Container,
  ) {}

  /** Barman's name of the server it backs up. */
  get server(): string {
    return this.description.barmanServer;
  }

  /** Where Barman keeps the server: base backups, WAL, spool of receive-wal. */
  get home(): string {
    return `/var/lib/barman/${this.server}`;
  }

  /** Runs `barman …` as its own user. */
  async barman(args: string[], options: Omit<CommandOptions, 'user'> = {}): Promise<ExecResult> {
    return this.exec(['barman', ...args], { user: 'barman', ...options });
  }

  /**
   * Runs `barman -f json …` and returns what it printed, parsed. The exit code is not looked at: `barman check` ends
   * with 1 and prints all the same.
   * @throws PGDRILL_BARMAN_OUTPUT when it printed no JSON
   */
  async json(args: string[], options: { deadline?: DeadlineName } = {}): Promise<unknown> {
    const { exitCode, stdout, stderr } = await this.barman(['-f', 'json', ...args], { ...options, check: false });
    try {
      return JSON.parse(stdout);
    } catch (cause) {
      throw new PgdrillError(
        'PGDRILL_BARMAN_OUTPUT',
        `"barman ${args.join(' ')}" ended with ${exitCode} and printed no JSON: ${(stderr || stdout).trim().slice(-400)}`,
        'look at barman.log, kept with the run',
        { cause },
      );
    }
  }

  /** Runs any command in Barman's container, as root unless said otherwise. */
  async exec(command: string[], options: CommandOptions = {}): Promise<ExecResult> {
    return runCommand(this.context, this.container, command, options);
  }
}
