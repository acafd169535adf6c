import { Client } from 'pg';
import type { Container, ExecResult } from '../engine/container';
import { historyNameOf, parseWalName } from '../formats/wal-name';
import { PgdrillError } from '../record/errors';
import { deadlineMs } from '../run/deadlines';
import { limited, pause, type WaitContext } from '../run/until';
import { runCommand, type CommandOptions } from './command';
import { dataDirectory, type ClusterDescription } from './description';

/** What Patroni's REST API says of a member (`GET /patroni`), as far as it is the same from 3.0 to 4.1. */
export interface PatroniStatus {
  /** HTTP status: 200 where PostgreSQL runs, 503 where it does not. */
  status: number;
  state: string;
  /** `primary` (`master` on Patroni 3.0, mapped) or `replica`. */
  role: string;
  timeline?: number;
  systemIdentifier?: string;
  replication: { applicationName: string; state: string }[];
}

/** One PostgreSQL member: its container, Patroni in it, and SQL from outside. */
export class PatroniNode {
  constructor(
    private readonly context: WaitContext,
    private readonly description: ClusterDescription,
    /** Patroni's name of the member: `db1`. */
    readonly name: string,
    readonly container: Container,
  ) {}

  get dataDir(): string {
    return dataDirectory(this.description, this.name);
  }

  get binDir(): string {
    return `/usr/lib/postgresql/${this.description.postgresMajor}/bin`;
  }

  /**
   * A superuser's connection, opened. The caller ends it.
   * @throws what pg throws when nothing answers
   */
  async connect(database = 'postgres', settings: { applicationName?: string } = {}): Promise<Client> {
    const client = new Client({
      host: '127.0.0.1',
      port: await this.container.hostPort(5432),
      user: 'postgres',
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
      ...(typeof body.timeline === 'number' ? { timeline: body.timeline } : {}),
      ...(body.database_system_identifier ? { systemIdentifier: String(body.database_system_identifier) } : {}),
      replication: replication.map((row) => ({ applicationName: row.application_name ?? '', state: row.state ?? '' })),
    };
  }

  private async fetchRest(path: string): Promise<{ status: number; body: string } | undefined> {
    try {
      const port = await this.container.hostPort(8008);
      const timeout = AbortSignal.timeout(deadlineMs('session closed', this.context.deadlineScale));
      const signal = AbortSignal.any([this.context.signal, timeout]);
      const response = await fetch(`http://127.0.0.1:${port}${path}`, { signal });
      return { status: response.status, body: await response.text() };
    } catch {
      return undefined;
    }
  }

  /** Stops Patroni, which stops PostgreSQL in order; the container stays up. */
  async stopPatroni(): Promise<void> {
    const stopped = new AbortController();
    const hung = this.endHungPatroni(AbortSignal.any([this.context.signal, stopped.signal]));
    try {
      await this.exec(['supervisorctl', 'stop', 'patroni'], { deadline: 'postmaster stopped' });
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
    await this.exec(['pkill', '-KILL', '-f', 'python3 /usr/bin/patroni /etc/patroni'], { check: false });
  }

  async startPatroni(): Promise<void> {
    await this.exec(['supervisorctl', 'start', 'patroni']);
  }

  /** Runs a command in the container, as root unless said otherwise, and fails with its output unless it ends with 0. */
  async exec(command: string[], options: CommandOptions = {}): Promise<ExecResult> {
    return runCommand(this.context, this.container, command, options);
  }

  /** Whether a postmaster runs in the container, under Patroni or not. */
  async hasPostmaster(): Promise<boolean> {
    const { exitCode } = await this.exec(['pgrep', '-x', '-u', 'postgres', 'postgres'], { check: false });
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

  /** The server's log since the container was made, as PostgreSQL wrote it. */
  async serverLog(): Promise<string> {
    return this.container.readFile('/var/log/postgresql/postgresql.log');
  }
}
