import type { Client, QueryResultRow } from 'pg';
import type { PatroniNode } from '../../cluster/patroni-node';
import { deadlineMs } from '../../run/deadlines';
import { pause, throwIfInterrupted, type WaitContext } from '../../run/until';
import { errorLine, faultOf, type ReadingFault } from './reading-error';

/** A read that was done, or why it was not. */
export type Reading<R> = { rows: R[] } | { fault: Exclude<ReadingFault, 'in the way'>; error: unknown; words: string };

/** A read that something stayed in the way of until the deadline. */
export interface NotRead {
  fault: 'in the way';
  words: string;
}

/**
 * One connection to one database of a member for reading relation after relation. What is in the way for a time (a lock,
 * a recovery conflict, a lost connection) is tried again on a new connection, until the deadline "relation free"; then it
 * is said, and is never taken for damage.
 */
export class ReadingSession {
  private client: Client | undefined;
  private warning: string | undefined;

  constructor(
    private readonly context: WaitContext,
    private readonly node: PatroniNode,
    private readonly database: string,
  ) {}

  /**
   * Rows of a query. The deadline counts from the moment at which something was in the way for the first time: a read
   * itself may take as long as it takes.
   * @throws PGDRILL_INTERRUPTED; everything else comes as a value
   */
  async read<R extends QueryResultRow>(sql: string, values: unknown[] = []): Promise<Reading<R> | NotRead> {
    const { signal, deadlineScale } = this.context;
    let giveUpAt: number | undefined;
    for (;;) {
      throwIfInterrupted(signal);
      const reading = await this.attempt<R>(sql, values);
      if ('rows' in reading || reading.fault !== 'in the way') return reading;
      giveUpAt ??= performance.now() + deadlineMs('relation free', deadlineScale);
      if (performance.now() >= giveUpAt) return reading;
      await pause(250, signal);
    }
  }

  /** Rows of a query without which nothing can be read. @throws what stood against it */
  async rows<R extends QueryResultRow>(sql: string, values: unknown[] = []): Promise<R[]> {
    const reading = await this.read<R>(sql, values);
    if ('rows' in reading) return reading.rows;
    throw reading.fault === 'in the way' ? new Error(reading.words) : reading.error;
  }

  async end(): Promise<void> {
    const { client } = this;
    this.client = undefined;
    await client?.end().catch(() => undefined);
  }

  private async attempt<R extends QueryResultRow>(sql: string, values: unknown[]): Promise<Reading<R> | NotRead> {
    this.warning = undefined;
    try {
      this.client ??= await this.open();
      return { rows: (await this.client.query<R>(sql, values)).rows };
    } catch (error) {
      const fault = faultOf(error);
      const words = this.warning === undefined ? errorLine(error) : `${errorLine(error)} (${this.warning})`;
      // Whatever it was may have cost the session; a new one is cheap.
      await this.end();
      return fault === 'in the way' ? { fault, words } : { fault, error, words };
    }
  }

  /** A lock is waited for shortly: a prepared transaction in doubt may hold it for good. */
  private async open(): Promise<Client> {
    const client = await this.node.connect(this.database);
    // "page verification failed, calculated checksum … but expected …" comes as a warning, just before the error.
    client.on('notice', ({ message }) => (this.warning = message));
    await client.query("SET lock_timeout = '3s'; SET statement_timeout = 0; SET client_min_messages = warning");
    return client;
  }
}
