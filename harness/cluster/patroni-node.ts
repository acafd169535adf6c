import { Client } from 'pg';
import type { Container, ExecResult } from '../engine/container';
import { historyNameOf, parseWalName } from '../formats/wal-name';
import { PgdrillError } from '../record/errors';
import { deadlineMs } from '../run/deadlines';
import { limited, pause, type WaitContext } from '../run/until';
import { runCommand, type CommandOptions } from './command';
import { placesOf, type ClusterDescription, type MemberPlaces } from './description';
import { getHttp } from './http-get';
import { publishedPorts, type Reach } from './reach';

/** What Patroni's REST API says of a member (`GET /patroni`), as far as it is the same from 3.0 to 4.1. */
export interface PatroniStatus {
  /** HTTP status: 200 where PostgreSQL runs, 503 where it does not. */
  status: number;
  state: string;
  /** `primary` (`master` on Patroni 3.0, mapped) or `replica`. */
  role: string;
  timeline?: number;
  systemIdentifier?: string;
  /** Whether it is paused. */
  paused: boolean;
  replication: { applicationName: string; state: string }[];
}

/** One PostgreSQL member: its container, Patroni in it, and SQL from outside. */
export class PatroniNode {
  /** PostgreSQL is reached through its socket, from inside. */
  private inside: boolean;

  constructor(
    private readonly context: WaitContext,
    private readonly description: ClusterDescription,
    /** Patroni's name of the member: `db1`. */
    readonly name: string,
    readonly container: Container,
    private readonly reach: Reach = publishedPorts,
  ) {
    this.inside = description.origin === 'foreign' && description.secrets.superuser === '';
  }

  /** Where its container has what. */
  get places(): MemberPlaces {
    return placesOf(this.description, this.name);
  }

  get dataDir(): string {
    return this.places.dataDir;
  }

  get binDir(): string {
    return this.places.binDir;
  }

  /** Who owns the data directory and runs PostgreSQL, inside the container. */
  get osUser(): string {
    return this.places.osUser;
  }

  /**
   * A port of this machine that leads to its PostgreSQL. A server whose pg_hba.conf does not let us in from outside, or
   * whose password we do not know, is reached through its own socket.
   */
  async sqlPort(): Promise<number> {
    const { dataDir, osUser, postgres } = this.places;
    const socket = this.inside ? this.reach.socketOf(this.container, dataDir, osUser) : undefined;
    return socket ?? this.reach.portOf(this.container, postgres);
  }

  /** A port of this machine that leads to its Patroni's REST API. */
  async restPort(): Promise<number> {
    return this.reach.portOf(this.container, this.places.rest);
  }

  /**
   * A superuser's connection, opened. The caller ends it.
   * @throws what pg throws when nothing answers
   */
  async connect(database = 'postgres', settings: { applicationName?: string } = {}): Promise<Client> {
    try {
      return await this.connectOnce(database, settings);
    } catch (error) {
      // Class 28: invalid authorization. From then on by the socket, where there is a way to it.
      const { code } = error as { code?: unknown };
      const { container, places } = this;
      const refused = typeof code === 'string' && code.startsWith('28') && !this.inside;
      if (!refused || !this.reach.socketOf(container, places.dataDir, places.osUser)) throw error;
      this.inside = true;
      return this.connectOnce(database, settings);
    }
  }

  private async connectOnce(database: string, settings: { applicationName?: string }): Promise<Client> {
    const client = new Client({
      host: '127.0.0.1',
      port: await this.sqlPort(),
      user: this.places.superuser,
      password: this.description.secrets.superuser,
      database,
      application_name: settings.applicationName ?? 'pgdrill',
      connectionTimeoutMillis: deadlineMs('session closed', this.context.deadlineScale),
      keepAlive: true,
    });
    // A connection that the server ends while idle emits an error; whoever uses it next meets it.
    client.on('error', () => undefined);
    await client.connect();
    return client;
  }

  /** Runs queries on a connection of their own, under a deadline. */
  async use<T>(operation: (client: Client) => Promise<T>, database = 'postgres'): Promise<T> {
    return limited('query answered', this.context, async (signal) => {
      const client = await this.connect(database);
      const stop = () => void client.end().catch(() => undefined);
      signal.addEventListener('abort', stop, { once: true });
      try {
        return await operation(client);
      } finally {
        signal.removeEventListener('abort', stop);
        await client.end().catch(() => undefined);
      }
    });
  }

  /** One query, its rows. 64-bit numbers come as text. */
  async query<R extends object = Record<string, string>>(
    sql: string,
    values: unknown[] = [],
    database = 'postgres',
  ): Promise<R[]> {
    return this.use(async (client) => (await client.query(sql, values)).rows as R[], database);
  }

  /** The value of a query with one row and one column, as text. */
  async value(sql: string, database = 'postgres'): Promise<string> {
    const [row] = await this.query<Record<string, unknown>>(sql, [], database);
    const [first] = Object.values(row ?? {});
    if (first === undefined || first === null) {
      throw new PgdrillError(
        'PGDRILL_QUERY_EMPTY',
        `${this.name} answered nothing to: ${sql}`,
        'look at the server log of the member',
      );
    }
    return String(first);
  }

  /** Whether PostgreSQL answers and is in recovery; undefined when it does not answer. */
  async inRecovery(): Promise<boolean | undefined> {
    try {
      return (await this.value('SELECT pg_is_in_recovery()')) === 'true';
    } catch {
      return undefined;
    }
  }

  /** HTTP status of one of Patroni's health checks (`/primary`, `/replica`, `/health` …), or undefined without an answer. */
  async restStatus(path: string): Promise<number | undefined> {
    return (await this.fetchRest(path))?.status;
  }

  /** What Patroni says of this member, or undefined when its REST API does not answer. */
  async patroni(): Promise<PatroniStatus | undefined> {
    const response = await this.fetchRest('/patroni');
    if (!response) return undefined;
    const body = JSON.parse(response.body) as Record<string, unknown>;
    const replication = Array.isArray(body.replication) ? (body.replication as Record<string, string>[]) : [];
    return {
      status: response.status,
      state: String(body.state ?? 'unknown'),
      role: body.role === 'master' ? 'primary' : String(body.role ?? 'unknown'),
      // Only there while it is.
      paused: body.pause === true,
      ...(typeof body.timeline === 'number' ? { timeline: body.timeline } : {}),
      ...(body.database_system_identifier ? { systemIdentifier: String(body.database_system_identifier) } : {}),
      replication: replication.map((row) => ({ applicationName: row.application_name ?? '', state: row.state ?? '' })),
    };
  }

  private async fetchRest(path: string): Promise<{ status: number; body: string } | undefined> {
    try {
      const { signal, deadlineScale } = this.context;
      const limits = { signal, timeoutMs: deadlineMs('session closed', deadlineScale) };
      return await getHttp({ port: await this.restPort(), path, tls: this.places.rest.tls }, limits);
    } catch {
      return undefined;
    }
  }

  /** Stops Patroni, which stops PostgreSQL in order; the container stays up. */
  async stopPatroni(): Promise<void> {
    const stopped = new AbortController();
    const hung = this.endHungPatroni(AbortSignal.any([this.context.signal, stopped.signal]));
    try {
      await this.exec(this.places.stop, { deadline: 'postmaster stopped' });
    } finally {
      stopped.abort();
      await hung;
    }
  }

  /**
   * Patroni 3.0 now and then does not end after it has stopped PostgreSQL: TERM in the middle of a log call loses the
   * wake-up of its logging thread. With no postmaster left for 2 s, it is killed.
   */
  private async endHungPatroni(over: AbortSignal): Promise<void> {
    let looksWithoutPostmaster = 0;
    while (looksWithoutPostmaster < 3) {
      await pause(1000, over);
      if (over.aborted) return;
      const alone = await this.hasPostmaster().then(
        (running) => !running,
        () => false,
      );
      looksWithoutPostmaster = alone ? looksWithoutPostmaster + 1 : 0;
    }
    await this.killPatroni();
  }

  /** SIGKILL to Patroni alone: PostgreSQL goes on, and what supervises Patroni starts it again. */
  async killPatroni(): Promise<void> {
    await this.exec(['pkill', '-KILL', '-f', this.patroniCommand], { check: false });
  }

  /** The command line of Patroni itself, for pgrep -f: not of the supervisor, nor of the script that waits for its configuration. */
  get patroniCommand(): string {
    return `python[^ ]* [^ ]*patroni ${this.places.configFile}`;
  }

  async startPatroni(): Promise<void> {
    await this.exec(this.places.start);
  }

  /** Runs a command in the container, as root unless said otherwise, and fails with its output unless it ends with 0. */
  async exec(command: string[], options: CommandOptions = {}): Promise<ExecResult> {
    return runCommand(this.context, this.container, command, options);
  }

  /**
   * Whether a postmaster runs in the container, under Patroni or not. One that has ended is none, though it bears its name
   * until somebody asks how it ended: supervisor does so within a second.
   */
  async hasPostmaster(): Promise<boolean> {
    // Not every image has pgrep.
    const script =
      'for f in $(grep -lsx postgres /proc/[0-9]*/comm); do grep -qs "^State:[[:space:]]*[^ZX[:space:]]" "${f%comm}status" && exit 0; done; exit 1';
    const { exitCode } = await this.exec(['sh', '-c', script], { check: false });
    return exitCode === 0;
  }

  /** The timeline that a leader writes. The control file follows only with the next checkpoint; WAL names do not lag. */
  async writtenTimeline(): Promise<number> {
    return parseWalName(await this.value('SELECT pg_walfile_name(pg_current_wal_insert_lsn())')).timeline;
  }

  /** Bytes of a WAL segment (initdb --wal-segsize). */
  async segmentSize(): Promise<number> {
    return Number(await this.value("SELECT setting FROM pg_settings WHERE name = 'wal_segment_size'"));
  }

  /** Text of the history file of a timeline, as the member has it; empty on timeline 1, which has none. */
  async history(timeline: number): Promise<string> {
    if (timeline === 1) return '';
    return (await this.exec(['cat', `${this.dataDir}/pg_wal/${historyNameOf(timeline)}`])).stdout;
  }

  /**
   * The server's log, as PostgreSQL wrote it: of a member of ours since its container was made, else of the file that it
   * writes now, or what its container says where it writes none; and what it said when it was started outside Patroni.
   */
  async serverLog(): Promise<string> {
    if (this.description.origin !== 'foreign') return this.container.readFile('/var/log/postgresql/postgresql.log');
    // "stderr log/postgresql.log", relative to the data directory (PostgreSQL documentation, "pg_current_logfile").
    const script = `cd "$1" && file=$(sed -n 's/^stderr //p' current_logfiles 2> /dev/null) && [ -n "$file" ] && cat "$file"`;
    const written = await this.exec(['sh', '-c', script, 'sh', this.dataDir], { check: false });
    const text = written.exitCode === 0 ? written.stdout : await this.container.logs();
    return text + (await this.exec(['sh', '-c', `cat "$1" 2> /dev/null; true`, 'sh', this.startLog])).stdout;
  }

  /** Where a server that is started outside Patroni writes what it says before its own log is open. */
  get startLog(): string {
    return this.description.origin === 'foreign' ? `${this.dataDir}.start.log` : '/dev/null';
  }
}
