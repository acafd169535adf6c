import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { thai } from '../../fixtures';
import { makeBackup } from '../../harness/backup/base-backup';
import { switchAndArchive } from '../../harness/backup/wal-archive';
import type { Cluster } from '../../harness/cluster/cluster';
import { bootStage, loadStage } from '../../harness/drill/stage';
import { findStack } from '../../harness/engine/stacks';
import { microsTime } from '../../harness/formats/timestamptz';
import type { BackupRef } from '../../harness/record/backup-ref';
import { carryOut, pitrRequest, planPitr } from '../../harness/recovery/pitr';
import { newId } from '../../harness/run/ids';
import { nowText } from '../../harness/run/recorder';
import { Run } from '../../harness/run/run';
import { measureFloor } from './floor';

/**
 * How long a recovery takes until the recovered leader takes writes, and until every member streams, beside the physical
 * floor and beside a plain script (bench/README.md). Each round has a fresh backup and the same accident for each of the two;
 * they take turns.
 *
 *     node -r ./bin/machine/register.cjs bench/pitr/pitr.ts [--rounds N] [--dataset tiny|small|medium] [--rows N]
 */
export interface Times {
  rtoWrites: number;
  rtoFull: number;
}

/** What both are measured on: a backup, and a moment before everything was deleted. */
interface Accident {
  backup: BackupRef;
  before: string;
  timeline: number;
}

async function main(): Promise<void> {
  const rounds = Number(argument('--rounds') ?? 3);
  if (!Number.isInteger(rounds) || rounds < 1) throw new Error('--rounds wants a whole number from 1');
  const rows = Number(argument('--rows') ?? 200_000);
  if (!Number.isInteger(rows) || rows < 1) throw new Error('--rows wants a whole number from 1');
  const dataset = thai((argument('--dataset') ?? 'small') as Parameters<typeof thai>[0]);
  const sessionDir = mkdtempSync(path.join(os.tmpdir(), 'pgdrill-bench-'));
  const run = new Run({ id: newId(), sessionDir, seed: 1, deadlineScale: 3 });
  const interrupt = () => run.interrupt('a signal');
  process.once('SIGINT', interrupt);
  run.recorder.listen((event) => {
    if (event.kind === 'phase-ended') process.stderr.write(`${event.title}: ${event.summary ?? event.outcome}\n`);
    if (event.kind === 'step-ended')
      process.stderr.write(
        `    ${event.step} ${(event.durationMs / 1000).toFixed(2)} s: ${event.summary ?? event.outcome}\n`,
      );
  });
  try {
    const { cluster, watchdog } = await bootStage(run, {
      stack: findStack('bookworm'),
      dataset,
      nodes: 3,
      keep: false,
    });
    run.teardown.add('watchdog', 'undo', () => watchdog.stop());
    await loadStage(run, cluster, dataset);
    await measure(run, cluster, dataset.database, rounds, rows);
  } finally {
    for (const { name, error } of await run.teardown.run()) process.stderr.write(`${name}: ${error}\n`);
    rmSync(sessionDir, { recursive: true, force: true });
    process.removeListener('SIGINT', interrupt);
  }
}

async function measure(run: Run, cluster: Cluster, database: string, rounds: number, rows: number): Promise<void> {
  const all = { floor: [] as Times[], pgdrill: [] as Times[], plain: [] as Times[] };
  for (let round = 1; round <= rounds; round += 1) {
    const turns = [
      async () => {
        const accident = await strike(run, cluster, database, rows);
        all.floor.push(show(round, 'floor', await measureFloor(run, cluster, accident)));
        all.pgdrill.push(show(round, 'pgdrill', await byPgdrill(run, cluster, accident)));
      },
      async () => {
        const accident = await strike(run, cluster, database, rows);
        all.plain.push(show(round, 'plain', await byPlainScript(run, cluster, accident)));
        await makeGood(run, cluster);
      },
    ];
    for (const turn of round % 2 === 1 ? turns : turns.reverse()) await turn();
  }
  process.stdout.write(`\nmedians of ${rounds}:\n`);
  for (const kind of ['rtoWrites', 'rtoFull'] as const) {
    const [floor, pgdrill, plain] = [all.floor, all.pgdrill, all.plain].map((times) =>
      median(times.map((one) => one[kind])),
    );
    process.stdout.write(
      `${kind}: floor ${seconds(floor!)}, pgdrill ${seconds(pgdrill!)}, plain script ${seconds(plain!)}; ` +
        `pgdrill / floor ${(pgdrill! / floor!).toFixed(2)}, pgdrill / plain ${(pgdrill! / plain!).toFixed(2)}\n`,
    );
  }
  process.stdout.write(`${os.cpus().length} cores; load at the end ${os.loadavg()[0]!.toFixed(1)}\n`);
}

/** A backup, WAL of so many rows after it, a moment, and the accident; all of it archived. */
async function strike(run: Run, cluster: Cluster, database: string, rows: number): Promise<Accident> {
  const leader = await cluster.awaitStreaming();
  // Anew each time: rows of an earlier round would be in the backup, and each round would copy more.
  await leader.query('DROP TABLE IF EXISTS public.bench_load', [], database);
  const backup = await makeBackup(run, cluster);
  await leader.query('CREATE TABLE public.bench_load (n bigint, t text)', [], database);
  await leader.query(
    `INSERT INTO public.bench_load SELECT n, repeat('x', 100) FROM generate_series(1, $1) AS n`,
    [rows],
    database,
  );
  const before = await leader.value(
    `SELECT to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US') || '+00'`,
  );
  await leader.query('DELETE FROM public.bench_load', [], database);
  await switchAndArchive(run, cluster.barman, leader);
  return { backup, before, timeline: await leader.writtenTimeline() };
}

async function byPgdrill(run: Run, cluster: Cluster, { backup, before, timeline }: Accident): Promise<Times> {
  const started = microsTime(nowText());
  const request = pitrRequest({
    target: { kind: 'time', time: before, inclusive: true },
    targetTimeline: timeline,
    backup: backup.id,
  });
  const plan = await planPitr(run, cluster, request);
  const context = { run, cluster, episode: 0, checkThere: () => Promise.resolve([]) };
  const { leaderSince, rejoinedAt } = await carryOut(context, request, plan);
  const since = (at: string | undefined) => Number(microsTime(at ?? nowText()) - started) / 1e6;
  return { rtoWrites: since(leaderSince), rtoFull: since(rejoinedAt) };
}

async function byPlainScript(run: Run, cluster: Cluster, { backup, before, timeline }: Accident): Promise<Times> {
  const leader = await cluster.leader();
  const [node] = cluster.others(leader.name);
  // The leader is stopped last: a replica promoted meanwhile would archive a second branch of one number, and spoil the next round.
  const others = [...cluster.others(node!.name).filter((one) => one !== leader), leader];
  const prefix = leader.container.name.slice(0, -leader.name.length);
  const { stdout } = await promisify(execFile)(
    path.join(__dirname, 'plain-pitr.sh'),
    [backup.id, before, String(timeline), node!.name],
    {
      env: {
        ...process.env,
        CONTAINER_PREFIX: prefix,
        OTHERS: others.map(({ name }) => name).join(' '),
        SERVER: cluster.barman.server,
        SCOPE: cluster.description.scope,
      },
      signal: run.signal,
    },
  );
  const at = (stage: string) =>
    Number(
      stdout
        .split('\n')
        .find((line) => line.startsWith(`${stage}\t`))
        ?.split('\t')[1],
    );
  process.stderr.write(stdout.replaceAll(/^/gm, '    '));
  return { rtoWrites: at('leads'), rtoFull: at('streaming') };
}

/** The plain script leaves Barman as it is: it has to follow the new history before the next backup. */
async function makeGood(run: Run, cluster: Cluster): Promise<void> {
  await cluster.awaitStreaming();
  const { barman } = cluster;
  await barman.exec(['supervisorctl', 'stop', 'receive-wal']);
  await barman.barman(['receive-wal', '--reset', barman.server]);
  await barman.exec(['supervisorctl', 'start', 'receive-wal']);
}

function show(round: number, who: string, times: Times): Times {
  process.stderr.write(`round ${round} ${who}: writes ${seconds(times.rtoWrites)}, full ${seconds(times.rtoFull)}\n`);
  return times;
}

const seconds = (value: number) => `${value.toFixed(2)} s`;

function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)]!;
}

function argument(name: string): string | undefined {
  const at = process.argv.indexOf(name);
  return at < 0 ? undefined : process.argv[at + 1];
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = 1;
});
