import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Client } from 'pg';
import { thai } from '../../fixtures';
import type { Cluster } from '../../harness/cluster/cluster';
import { bootStage } from '../../harness/drill/stage';
import { findStack } from '../../harness/engine/stacks';
import { collectContent } from '../../harness/observe/collectors/content';
import { makeStoredDigests } from '../../harness/observe/collectors/stored-digest';
import { listTables } from '../../harness/observe/collectors/tables';
import { messageOf } from '../../harness/record/errors';
import { newId } from '../../harness/run/ids';
import { Run } from '../../harness/run/run';
import { until } from '../../harness/run/until';

/**
 * What the whole content of a dataset costs (fingerprints, schema, sequences, large objects), beside counting its rows
 * with PostgreSQL's own parallel count(*): alternately, on every member at once. By the clock, and by the processor time
 * of the members' containers, which other work on the machine changes little.
 *
 *     node -r ./bin/machine/register.cjs bench/fingerprint/fingerprint.ts [--runs N] [--dataset tiny|small|medium]
 *
 * It measures and does not judge: the exit code is 0 whatever the figures are.
 */
const LIMIT = 3;

async function main(): Promise<void> {
  const runs = Number(argument('--runs') ?? 9);
  if (!Number.isInteger(runs) || runs < 5) throw new Error('--runs wants a whole number from 5');
  const dataset = thai((argument('--dataset') ?? 'small') as Parameters<typeof thai>[0]);
  const sessionDir = mkdtempSync(path.join(os.tmpdir(), 'pgdrill-bench-'));
  const run = new Run({ id: newId(), sessionDir, seed: 1, deadlineScale: 3 });
  const interrupt = () => run.interrupt('a signal');
  process.once('SIGINT', interrupt);
  run.recorder.listen((event) => {
    if (event.kind === 'phase-ended') process.stderr.write(`${event.title}: ${event.summary ?? event.outcome}\n`);
  });
  try {
    const { cluster, watchdog } = await bootStage(run, {
      stack: findStack('bookworm'),
      dataset,
      nodes: 3,
      keep: false,
    });
    run.teardown.add('watchdog', 'undo', () => watchdog.stop());
    await load(run, cluster, dataset);
    await measure(cluster, dataset.database, runs);
  } finally {
    for (const { name, error } of await run.teardown.run()) process.stderr.write(`${name}: ${error}\n`);
    rmSync(sessionDir, { recursive: true, force: true });
    process.removeListener('SIGINT', interrupt);
  }
}

/** Loads the dataset and waits until every replica has it; readers must find no WAL still to be replayed. */
async function load(run: Run, cluster: Cluster, dataset: ReturnType<typeof thai>): Promise<void> {
  const leader = await cluster.leader();
  await dataset.load({
    connect: (database) => leader.connect(database),
    psql: () => Promise.reject(new Error('is generated, not read from a dump')),
    seed: run.seed,
    signal: run.signal,
    progress: () => undefined,
  });
  await makeStoredDigests(leader, dataset.database);
  await leader.query('CHECKPOINT');
  const lsn = await leader.value('SELECT pg_current_wal_lsn()');
  for (const node of cluster.others(leader.name)) {
    await until('replay caught up', run, async () => {
      return (await node.value(`SELECT pg_last_wal_replay_lsn() >= '${lsn}'`)) === 'true';
    });
  }
}

/** Milliseconds by the clock, and of processor time of all members together. */
interface Cost {
  wall: number;
  cpu: number;
}

async function measure(cluster: Cluster, database: string, runs: number): Promise<void> {
  const counted: Cost[] = [];
  const fingerprinted: Cost[] = [];
  const everywhere = (work: (connect: () => Promise<Client>) => Promise<unknown>) => async (): Promise<Cost> => {
    const before = await processorTime(cluster);
    const started = performance.now();
    await Promise.all(cluster.nodes.map((node) => work(() => node.connect(database))));
    const wall = performance.now() - started;
    return { wall, cpu: (await processorTime(cluster)) - before };
  };
  const count = everywhere(countRows);
  const digest = everywhere((connect) => collectContent(connect));
  await count();
  await digest();
  for (let run = 1; run <= runs; run += 1) {
    const parts = [
      async () => counted.push(show(run, 'count(*)', await count())),
      async () => fingerprinted.push(show(run, 'fingerprint', await digest())),
    ];
    // Whoever comes second finds the caches as the first one left them: take turns.
    for (const part of run % 2 === 1 ? parts : parts.reverse()) await part();
  }
  process.stdout.write(`\n${cluster.nodes.length} members at once, medians of ${runs}:\n`);
  for (const kind of ['wall', 'cpu'] as const) {
    const [one, other] = [counted, fingerprinted].map((costs) => median(costs.map((cost) => cost[kind])));
    const ratio = other! / one!;
    process.stdout.write(
      `${kind.padEnd(4)} count(*) ${one!.toFixed(0)} ms, fingerprint ${other!.toFixed(0)} ms, ratio ${ratio.toFixed(2)} ` +
        `(limit ${LIMIT}: ${ratio <= LIMIT ? 'kept' : 'NOT kept'})\n`,
    );
  }
  process.stdout.write(
    `${os.cpus().length} cores, ${Math.round(os.totalmem() / 2 ** 30)} GB; load at the end ${os.loadavg()[0]!.toFixed(1)}\n`,
  );
}

/** Milliseconds that the members' containers have spent on a processor: of cgroups, version 2 or 1. */
async function processorTime(cluster: Cluster): Promise<number> {
  const command =
    "awk '/^usage_usec/ { print $2 * 1000 }' /sys/fs/cgroup/cpu.stat 2>/dev/null | grep . || cat /sys/fs/cgroup/cpuacct/cpuacct.usage";
  const each = await Promise.all(cluster.nodes.map((node) => node.exec(['sh', '-c', command])));
  return each.reduce((sum, { stdout }) => sum + Number(stdout) / 1e6, 0);
}

/** Every table counted one after another over one connection, as the server plans it by default. */
async function countRows(connect: () => Promise<Client>): Promise<void> {
  const client = await connect();
  try {
    for (const table of await listTables(client)) await client.query(`SELECT count(*) FROM ${table.sql}`);
  } finally {
    await client.end();
  }
}

function show(run: number, what: string, cost: Cost): Cost {
  const figures = `${cost.wall.toFixed(0)} ms, processors ${cost.cpu.toFixed(0)} ms`;
  process.stdout.write(`${run}. ${what.padEnd(12)} ${figures} (load ${os.loadavg()[0]!.toFixed(1)})\n`);
  return cost;
}

function argument(name: string): string | undefined {
  const at = process.argv.indexOf(name);
  return at < 0 ? undefined : process.argv[at + 1];
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return (sorted[Math.floor(middle)]! + sorted[Math.ceil(middle) - 1]!) / 2;
}

main().catch((error: unknown) => process.stdout.write(`not measured: ${messageOf(error)}\n`));
