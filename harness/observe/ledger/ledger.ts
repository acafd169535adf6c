import { createWriteStream, type WriteStream } from 'node:fs';
import path from 'node:path';
import { Client } from 'pg';
import { dumpOwnTransactions } from '../../backup/wal-archive';
import type { Cluster } from '../../cluster/cluster';
import type { PatroniNode } from '../../cluster/patroni-node';
import type { WalRecord } from '../../formats/waldump';
import type { BackupRef } from '../../record/backup-ref';
import type { FileReference } from '../../record/values';
import { deadlineMs } from '../../run/deadlines';
import type { Run } from '../../run/run';
import { until } from '../../run/until';
import type { LedgerEntry } from './entry';
import { LeaderFinder } from './leader-finder';
import { runWriter } from './writer';

/** The ledger's database: its own, so that the accident, and a DROP of the dataset's, cannot touch it. */
export const ledgerDatabase = 'ledger';

/**
 * Rows committed by background writers during a drill, with what the client saw for each. Written to `ledger.jsonl` in
 * the run's folder as they come.
 */
export class Ledger {
  readonly entries: LedgerEntry[] = [];
  /** Transaction records from the ledger's begin to the backup's, read from the leader: Barman keeps none from before its first backup. */
  readonly early: WalRecord[] = [];
  private seq = 0;
  private writers: Promise<void>[] = [];
  private readonly stopping = new AbortController();
  private readonly file: WriteStream;
  private readonly password: string;

  /** @param startLsn where WAL stood when the ledger began: every commit of it lies after */
  private constructor(
    private readonly run: Run,
    readonly cluster: Cluster,
    private readonly startLsn: string,
    password: string,
  ) {
    this.password = password;
    this.file = createWriteStream(path.join(run.dir, 'ledger.jsonl'));
  }

  /**
   * Makes the database, the role and the table, starts the writers and waits until each was acknowledged once.
   * @param writers how many, each with a connection of its own
   * @param everyMs mean pause of one writer between two commits
   */
  static async start(run: Run, cluster: Cluster, options: { writers: number; everyMs?: number }): Promise<Ledger> {
    const leader = await cluster.leader();
    const password = run.secrets.make('ledger password');
    const startLsn = await leader.value('SELECT pg_current_wal_insert_lsn()');
    await leader.query(`CREATE ROLE ledger LOGIN PASSWORD '${password}'`);
    await leader.query(`CREATE DATABASE ${ledgerDatabase} TEMPLATE template0`);
    await leader.use(async (client) => {
      await client.query('CREATE EXTENSION amcheck');
      await client.query('CREATE SCHEMA ledger AUTHORIZATION ledger; SET ROLE ledger');
      await client.query(
        'CREATE TABLE ledger.entry (seq bigint PRIMARY KEY, writer integer NOT NULL, written timestamptz NOT NULL DEFAULT clock_timestamp())',
      );
      await client.query(
        'CREATE TABLE ledger.probe (id text PRIMARY KEY, written timestamptz NOT NULL DEFAULT clock_timestamp())',
      );
    }, ledgerDatabase);
    const ledger = new Ledger(run, cluster, startLsn, password);
    run.teardown.add('ledger writers', 'undo', () => ledger.stop().then(() => undefined));
    ledger.launch(options.writers, options.everyMs ?? 40);
    await until(
      'ledger writing',
      run,
      () =>
        new Set(ledger.entries.filter((entry) => entry.acknowledgedAt).map((entry) => entry.writer)).size >=
        options.writers,
    );
    return ledger;
  }

  private launch(writers: number, everyMs: number): void {
    const signal = AbortSignal.any([this.run.signal, this.stopping.signal]);
    const context = { signal, deadlineScale: this.run.deadlineScale };
    const finder = new LeaderFinder(this.cluster, signal);
    this.writers = Array.from({ length: writers }, (_, number) =>
      runWriter(context, finder, {
        number: number + 1,
        nextSeq: () => (this.seq += 1),
        report: (entry) => this.report(entry),
        everyMs,
        random: this.run.random.derive(`writer ${number + 1}`),
        connect: (leader) => this.connect(leader),
      }),
    );
  }

  private report(entry: LedgerEntry): void {
    this.entries.push(entry);
    if (this.file.writable) this.file.write(`${JSON.stringify(entry)}\n`);
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
    const segmentSize = await leader.segmentSize();
    this.early.push(...(await dumpOwnTransactions(leader, this.startLsn, backup.beginWal, segmentSize)));
  }

  /** Acknowledged entries on timelines after one, in the order of their acknowledgement. */
  resumedAfter(timeline: number): LedgerEntry[] {
    return this.entries.filter((entry) => entry.state === 'acknowledged' && (entry.timeline ?? 0) > timeline);
  }

  /** Stops the writers once what they sent is answered. Idempotent. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await Promise.allSettled(this.writers);
    if (!this.file.closed) await new Promise<void>((resolve) => this.file.end(resolve));
  }

  /** The file of the ledger, once it is stopped. */
  async reference(): Promise<FileReference> {
    return this.run.recorder.reference('ledger.jsonl');
  }
}
