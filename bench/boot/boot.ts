import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { bootCluster } from '../../harness/cluster/boot';
import { connectEngine, type Engine } from '../../harness/engine/connect';
import { dockerDirectory, ensureImages } from '../../harness/engine/images';
import { findStack, type ImageName } from '../../harness/engine/stacks';
import { startWatchdog } from '../../harness/engine/watchdog';
import { messageOf } from '../../harness/record/errors';
import { newId } from '../../harness/run/ids';
import { Run } from '../../harness/run/run';

/**
 * Cold boot of the same seven containers (3 etcd, 3 members, Barman) until every member streams, alternately by the
 * bare script and by pgdrill. Images are built before; tear-down is not counted.
 *
 *     node -r ./bin/machine/register.cjs bench/boot/boot.ts [--runs N]
 *
 * It measures and does not judge: the exit code is 0 whatever the figures are.
 */
type Images = Record<ImageName, string>;
/** Seconds from the start to each stage. */
type Stages = Record<string, number>;

const LIMIT = 1.5;
const stack = findStack('bookworm');

async function main(): Promise<void> {
  const asked = process.argv.indexOf('--runs');
  const runs = asked < 0 ? 5 : Number(process.argv[asked + 1]);
  if (!Number.isInteger(runs) || runs < 1) throw new Error('--runs wants a whole number from 1');
  const engine = await connectEngine();
  const images = await ensureImages(engine, stack, ['node', 'etcd', 'barman'], {
    dockerDir: dockerDirectory(),
    progress: (text) => process.stderr.write(`${text}\n`),
    signal: new AbortController().signal,
    deadlineScale: 1,
  });
  const bare: number[] = [];
  const ours: number[] = [];
  for (let run = 1; run <= runs; run += 1) {
    const boots = [
      async () => bare.push(show(run, 'bare script', await bootBare(images))),
      async () => ours.push(show(run, 'pgdrill', await bootOurs(engine, images))),
    ];
    // Whoever comes second finds the machine as the first one left it: take turns.
    for (const boot of run % 2 === 1 ? boots : boots.reverse()) await boot();
  }
  const [bareMedian, ourMedian] = [median(bare), median(ours)];
  const ratio = ourMedian / bareMedian;
  process.stdout.write(
    `\nmedian of ${runs}: bare script ${bareMedian.toFixed(2)} s, pgdrill ${ourMedian.toFixed(2)} s, ` +
      `ratio ${ratio.toFixed(2)} (limit ${LIMIT}: ${ratio <= LIMIT ? 'kept' : 'NOT kept'})\n` +
      `${os.cpus().length} cores, ${Math.round(os.totalmem() / 2 ** 30)} GB; load at the end ${os.loadavg()[0]!.toFixed(1)}\n`,
  );
}

function show(run: number, who: string, stages: Stages): number {
  const text = Object.entries(stages).map(([stage, seconds]) => `${stage} ${seconds.toFixed(2)}`);
  process.stdout.write(`${run}. ${who.padEnd(12)} ${text.join(', ')} (load ${os.loadavg()[0]!.toFixed(1)})\n`);
  return Object.values(stages).at(-1)!;
}

/** The script up to the stage that counts; then it is told to end, and tears down what it made. */
async function bootBare(images: Images): Promise<Stages> {
  const child = spawn('bash', [path.join(__dirname, 'bare-boot.sh'), images.node, images.etcd, images.barman], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => (errors += String(chunk)));
  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const stages: Stages = {};
  for await (const line of createInterface({ input: child.stdout })) {
    const [stage = '', seconds] = line.split('\t');
    if ('members streaming' in stages) continue;
    stages[stage] = Number(seconds);
    if (stage === 'members streaming') child.kill('SIGTERM');
  }
  await closed;
  if (!('members streaming' in stages)) throw new Error(`the bare script did not boot: ${errors.trim()}`);
  return stages;
}

async function bootOurs(engine: Engine, images: Images): Promise<Stages> {
  const sessionDir = mkdtempSync(path.join(os.tmpdir(), 'pgdrill-bench-'));
  const run = new Run({ id: newId(), sessionDir, seed: 1 });
  const watchdog = startWatchdog(engine, run.id);
  const stages: Stages = {};
  const started = performance.now();
  const mark = (stage: string) => (stages[stage] = (performance.now() - started) / 1000);
  run.recorder.listen((event) => {
    if (event.kind === 'note' && event.text.startsWith('leader ')) mark('leader');
  });
  try {
    const postgresMajor = Number(stack.buildArguments.PG_MAJOR);
    await bootCluster(engine, run, { stack: { name: stack.name, postgresMajor }, images, nodes: 3 });
    mark('members streaming');
    return stages;
  } finally {
    const failures = await run.teardown.run();
    for (const { name, error } of failures) process.stderr.write(`${name}: ${error}\n`);
    await watchdog.stop();
    rmSync(sessionDir, { recursive: true, force: true });
  }
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return (sorted[Math.floor(middle)]! + sorted[Math.ceil(middle) - 1]!) / 2;
}

main().catch((error: unknown) => process.stdout.write(`not measured: ${messageOf(error)}\n`));
