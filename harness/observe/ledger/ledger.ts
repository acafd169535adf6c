import path from 'node:path';
import { Client } from 'pg';
import type { Cluster } from '../../cluster/cluster';
import type { PatroniNode } from '../../cluster/patroni-node';
import { scramVerifier } from '../../cluster/scram-verifier';
import { NumberSet } from '../../formats/number-set';
import { formatIntervals } from '../../formats/intervals';
import { microsTime } from '../../formats/timestamptz';
import type { BackupRef } from '../../record/backup-ref';
import type { LeaderTerm, LedgerLoad } from '../../record/ledger';
import type { FileReference } from '../../record/values';
import { deadlineMs } from '../../run/deadlines';
import type { Run } from '../../run/run';
import { until } from '../../run/until';
import { readEarlyWal, type EarlyWal } from './early-wal';
import { isAcknowledged, type AcknowledgedEntry, type LedgerEntry } from './entry';
import { LeaderFinder } from './leader-finder';
import { LedgerFile } from './ledger-file';
import { LoadMeter } from './load';
import { compareMoments } from './moments';
import { Pace } from './pace';
import { makeReadingExtensions } from '../collectors/extensions';
import { ledgerDatabase, ledgerTables } from './table';
import { LedgerTally } from './tally';
import { runWriter } from './writer';

export { ledgerDatabase } from './table';

export interface LedgerOptions {
  /** How many, each with a connection of its own. */
  writers: number;
  /** Commits a second that all of them together aim at, see `Pace`. */
  perSecond: number;
}

/**
 * Transactions committed by background writers during a drill, with what the client saw for each. Written to
 * `ledger.jsonl` in the run's folder as they come; in memory are only counters, so that a million transactions take no
 * more than a thousand.
 */
export class Ledger {
  private readonly file: LedgerFile;
  private readonly tally = new LedgerTally();
  private readonly meter = new LoadMeter();
  private readonly stopping = new AbortController();
  private early: EarlyWal | undefined;
  private measured: LedgerLoad | undefined;
  private seq = 0;
  private writers: Promise<void>[] = [];

  /** @param startLsn where WAL stood when the ledger began: every commit of it lies after */
  private constructor(
    private readonly run: Run,
    private readonly cluster: Cluster,
    private readonly options: LedgerOptions,
    private readonly startLsn: string,
    private readonly password: string,
  ) {
    this.file = new LedgerFile(path.join(run.dir, 'ledger.jsonl'));
  }

  /** Makes the database, the role and the tables, starts the writers and waits until each was acknowledged once. */
  static async start(run: Run, cluster: Cluster, options: LedgerOptions): Promise<Ledger> {
    const leader = await cluster.leader();
    const password = run.secrets.make('ledger password');
    const startLsn = await leader.value('SELECT pg_current_wal_insert_lsn()');
    await leader.query(`CREATE ROLE ledger LOGIN PASSWORD '${scramVerifier(password)}'`);
    await leader.query(`CREATE DATABASE ${ledgerDatabase} TEMPLATE template0`);
    await makeReadingExtensions(leader, ledgerDatabase);
    await leader.use(async (client) => {
      await client.query('CREATE SCHEMA ledger AUTHORIZATION ledger; SET ROLE ledger');
      for (const table of ledgerTables) await client.query(table);
    }, ledgerDatabase);
    const ledger = new Ledger(run, cluster, options, startLsn, password);
    run.teardown.add('ledger writers', 'undo', () => ledger.stop().then(() => undefined));
    ledger.launch();
    await until('ledger writing', run, () => ledger.writersWith(() => true) >= options.writers);
    return ledger;
  }

  private launch(): void {
    const { signal } = this.stopping;
    const finder = new LeaderFinder(this.cluster, AbortSignal.any([this.run.signal, signal]));
    const { writers, perSecond } = this.options;
    const pace = new Pace(perSecond, writers, this.run.random.derive('ledger pace'));
    this.writers = Array.from({ length: writers }, (_, number) =>
      runWriter(this.run, AbortSignal.any([this.run.signal, signal]), finder, {
        number: number + 1,
        nextSeq: () => (this.seq += 1),
        report: (entry) => this.report(entry),
        pace,
        load: this.meter,
        random: this.run.random.derive(`writer ${number + 1}`),
        connect: (leader) => this.connect(leader),
      }),
    );
  }

  private report(entry: LedgerEntry): void {
    this.tally.add(entry, this.meter.sessionOf(entry.member));
    this.file.append(entry);
  }

  private async connect(leader: PatroniNode): Promise<Client> {
    const client = new Client({
      host: '127.0.0.1',
      port: await leader.container.hostPort(5432),
      user: 'ledger',
      password: this.password,
      database: ledgerDatabase,
      application_name: 'pgdrill ledger',
      connectionTimeoutMillis: deadlineMs('session closed', this.run.deadlineScale),
    });
    client.on('error', () => undefined);
    await client.connect();
    return client;
  }

  /** Reads what was committed before a backup began from the leader's own WAL, while it is still there. */
  async readEarly(leader: PatroniNode, backup: BackupRef): Promise<void> {
    this.early = await readEarlyWal(this.run, leader, this.startLsn, backup);
  }

  /** What `readEarly` found; undefined before it. */
  get earlyWal(): EarlyWal | undefined {
    return this.early;
  }

  get sent(): number {
    return this.tally.sent;
  }

  get acknowledged(): number {
    return this.tally.acknowledged;
  }

  /** Terms of leaders as the writers saw them, by their first acknowledgement. */
  get terms(): LeaderTerm[] {
    return this.tally.terms;
  }

  /** How many writers' last acknowledgement meets a condition: how a wait sees that all of them write again. */
  writersWith(condition: (last: AcknowledgedEntry) => boolean): number {
    return this.tally.writersWith(condition);
  }

  /**
   * The first acknowledgement on any timeline after one.
   * @param since of terms of leaders that begin at this moment or later only
   */
  firstAcknowledgedAfter(timeline: number, since?: string): string | undefined {
    return this.tally.firstAcknowledgedAfter(timeline, since);
  }

  /** Everything that was reported so far, read from the file: in the order of the answers. */
  entries(): AsyncGenerator<LedgerEntry> {
    return this.file.entries();
  }

  /**
   * The longest time without an acknowledgement, from a moment on, of any writer.
   * @returns ms, and when it ended; undefined where nothing was acknowledged after it
   */
  async longestSilence(since: string): Promise<{ ms: number; until: string } | undefined> {
    let last = microsTime(since);
    let longest: { ms: number; until: string } | undefined;
    for await (const entry of this.entries()) {
      if (!isAcknowledged(entry)) continue;
      const at = microsTime(entry.acknowledgedAt);
      if (at <= last) continue;
      const ms = Number(at - last) / 1000;
      if (!longest || ms > longest.ms) longest = { ms, until: entry.acknowledgedAt };
      last = at;
    }
    return longest;
  }

  /** Numbers of the transactions acknowledged at a moment or later, as a set. */
  async acknowledgedSince(time: string): Promise<string> {
    const since = new NumberSet();
    for await (const entry of this.entries())
      if (isAcknowledged(entry) && compareMoments(entry.acknowledgedAt, time) >= 0) since.add(entry.seq);
    return formatIntervals(since.toIntervals());
  }

  /** What the drill put on the machine while it wrote. */
  get load(): LedgerLoad {
    return this.measured ?? this.meter.result(this.options.perSecond, this.acknowledged);
  }

  /** Stops the writers once what they sent is answered. Idempotent. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await Promise.allSettled(this.writers);
    this.measured ??= this.meter.result(this.options.perSecond, this.acknowledged);
    await this.file.close();
  }

  /** The file of the ledger, once it is stopped. */
  async reference(): Promise<FileReference> {
    return this.run.recorder.reference('ledger.jsonl');
  }
}
