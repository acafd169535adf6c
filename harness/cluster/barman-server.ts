import type { Container, ExecResult } from '../engine/container';
import { PgdrillError } from '../record/errors';
import type { DeadlineName } from '../run/deadlines';
import type { WaitContext } from '../run/until';
import { runCommand, type CommandOptions } from './command';
import { barmanPlacesOf, type BarmanPlaces, type ClusterDescription } from './description';

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

  /** Where its container has what. */
  get places(): BarmanPlaces {
    return barmanPlacesOf(this.description);
  }

  /** Where Barman keeps the server: base backups, WAL, spool of receive-wal. */
  get home(): string {
    return this.places.home;
  }

  /** The user that Barman runs as, in its container and when members reach it by ssh. */
  get user(): string {
    return this.places.user;
  }

  /** The name by which members reach it by ssh; null where they do not. */
  get host(): string | null {
    return this.places.host;
  }

  /** Whether it receives WAL by streaming; else only what archive_command brings arrives. */
  get receivesWal(): boolean {
    return this.places.receiving !== null;
  }

  /** How a program of PostgreSQL is called in its container: `pg_waldump`. */
  program(name: string): string {
    return this.places.binDir === undefined ? name : `${this.places.binDir}/${name}`;
  }

  /** A member's data directory as its container sees it; undefined where it is not mounted there. */
  pathOf(member: string): string | undefined {
    return this.places.mounted[member];
  }

  /** Runs `barman …` as its own user. */
  async barman(args: string[], options: Omit<CommandOptions, 'user'> = {}): Promise<ExecResult> {
    return this.exec(['barman', ...args], { user: this.user, ...options });
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

  /** Whether receive-wal runs for this server. */
  async isReceiving(): Promise<boolean> {
    // Not every image has pgrep. The folder goes by an argument of its own, so that neither shell nor grep match themselves.
    const script =
      'for f in $(grep -lsx pg_receivewal /proc/[0-9]*/comm); do grep -qsaF -- "$1" "${f%comm}cmdline" && exit 0; done; exit 1';
    const { exitCode } = await this.exec(['sh', '-c', script, 'sh', `${this.home}/streaming`], { check: false });
    return exitCode === 0;
  }

  /** Has receive-wal run, and run again whenever it ends. Returns before it is connected. */
  async startReceiving(): Promise<void> {
    const { receiving } = this.places;
    if (receiving) await this.exec(receiving.start);
  }

  /** For whoever waits for it: begins it again where only `barman cron` does, which comes by once a minute. */
  async restartReceiving(): Promise<void> {
    if (this.places.receiving?.start[0] === 'barman') await this.startReceiving();
  }

  /** Ends receive-wal, where it runs. */
  async stopReceiving(): Promise<void> {
    const { receiving } = this.places;
    // Where it does not run, `barman receive-wal --stop` ends with 1.
    if (receiving) await this.exec(receiving.stop, { check: receiving.stop[0] !== 'barman' });
  }

  /** Runs any command in Barman's container, as root unless said otherwise. */
  async exec(command: string[], options: CommandOptions = {}): Promise<ExecResult> {
    return runCommand(this.context, this.container, command, options);
  }
}
