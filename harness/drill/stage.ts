import path from 'node:path';
import type { Dataset } from '../../fixtures/dataset';
import { makeBackup } from '../backup/base-backup';
import { bootCluster, type Booted } from '../cluster/boot';
import type { Cluster } from '../cluster/cluster';
import type { MemberDisks } from '../cluster/description';
import type { PatroniNode } from '../cluster/patroni-node';
import { sweep } from '../engine/cleanup';
import { connectEngine, type Engine } from '../engine/connect';
import { watchEngine } from '../engine/events';
import { dockerDirectory, ensureImages } from '../engine/images';
import { requireResources } from '../engine/resources';
import type { Stack } from '../engine/stacks';
import { startWatchdog, type Watchdog } from '../engine/watchdog';
import { listDatabases, takeBaseline, type TakenBaseline } from '../observe/collectors/baseline';
import type { Sampling } from '../observe/collectors/fingerprints';
import { collectGlobals } from '../observe/collectors/globals';
import { settingsBefore } from '../observe/collectors/settings';
import type { BackupRef } from '../record/backup-ref';
import type { Run } from '../run/run';
import { phase } from './phase';

export interface StageOptions {
  stack: Stack;
  dataset: Dataset;
  nodes: number;
  keep: boolean;
  /** What the names of the containers begin with. Default: `pgdrill-<run>-`. */
  namePrefix?: string;
  /** File systems of members that are not the engine's own. */
  disks?: MemberDisks;
  /** Whether one more server runs beside the cluster for a while. */
  aside?: boolean;
}

/** A cluster that is booted, loaded and backed up: what every drill starts from. */
export interface Stage {
  engine: Engine;
  cluster: Cluster;
  /** Leaves the cluster up when the run ends: nothing removes it any more. */
  release(): Promise<void>;
  watchdog: Watchdog;
}

/** Memory of one member, of an etcd and of Barman at work, measured on `thai:tiny`, rounded up. */
const memoryOf = { member: 250e6, etcd: 60e6, barman: 150e6 };

/** Digests of the rows of small tables, in the run's folder. */
const ROWS_FILE = 'baseline-rows.tsv';

/** Where events about the first cluster of a run belong. */
export const mainPlace = { episode: 0, cluster: 'main' } as const;

/**
 * Phases `machine`, `images`, `boot`: the engine answers and has room, the images are there, the cluster streams. From
 * its start on, a watchdog removes everything of the run when this process is killed.
 */
export async function bootStage(run: Run, options: StageOptions): Promise<Stage> {
  let engine: Engine | undefined;
  let watchdog: Watchdog | undefined;
  await phase(run, 'machine', async () => {
    engine = await connectEngine();
    run.teardown.add('engine watch', 'undo', () => Promise.resolve(stop()));
    const stop = watchEngine(engine, (error) => run.abort(error));
    const swept = await sweep(engine);
    requireResources(engine, needs(options));
    watchdog = startWatchdog(engine, run.id);
    const cleaned = swept.length > 0 ? `; removed what ${swept.length} dead runs had left` : '';
    return `engine ${engine.serverVersion}, ${engine.storageDriver}, ${engine.architecture}${cleaned}`;
  });
  const images = {} as Record<'node' | 'etcd' | 'barman', string>;
  await phase(run, 'images', async () => {
    Object.assign(
      images,
      await ensureImages(engine!, options.stack, ['node', 'etcd', 'barman'], {
        dockerDir: dockerDirectory(),
        progress: (text) => run.note(text),
        signal: run.signal,
        deadlineScale: run.deadlineScale,
      }),
    );
    return Object.values(images).join(', ');
  });
  let booted: Booted | undefined;
  await phase(run, 'boot', async () => {
    const stack = { name: options.stack.name, postgresMajor: Number(options.stack.buildArguments.PG_MAJOR) };
    const { nodes, keep, namePrefix, disks } = options;
    const names = namePrefix === undefined ? {} : { namePrefix };
    booted = await bootCluster(engine!, run, { stack, images, nodes, keep, ...names, ...(disks ? { disks } : {}) });
    const { cluster } = booted;
    const leader = await cluster.leader();
    const systemIdentifier = await leader.value('SELECT system_identifier FROM pg_control_system()');
    run.recorder.record({
      kind: 'observed',
      ...mainPlace,
      value: { scope: cluster.description.scope, systemIdentifier, bootTimeline: 1 },
    });
    return `leader ${leader.name}, ${options.nodes - 1} replicas stream, system ${systemIdentifier}`;
  });
  const { cluster, release } = booted!;
  const dog = watchdog!;
  return {
    engine: engine!,
    cluster,
    watchdog: dog,
    async release() {
      release();
      await dog.stop();
    },
  };
}

/** Phase `load`: the dataset, then the baseline of what is there. */
export async function loadStage(
  run: Run,
  cluster: Cluster,
  dataset: Dataset,
  sampling: Sampling = {},
): Promise<TakenBaseline> {
  let taken: TakenBaseline | undefined;
  await phase(run, 'load', async () => {
    const leader = await cluster.leader();
    const loaded = await dataset.load({
      connect: (database) => leader.connect(database),
      psql: (input, args) =>
        leader.container.exec(['psql', '-X', '-U', 'postgres', '-h', '/run/postgresql', ...args], {
          user: 'postgres',
          input,
          signal: run.signal,
        }),
      seed: run.seed,
      signal: run.signal,
      progress: (text) => run.note(text),
    });
    run.note('taking the fingerprints of what is there');
    taken = await takeBaseline(run, cluster, { ...sampling, rowsFile: path.join(run.dir, ROWS_FILE) });
    run.recorder.record({ kind: 'observed', ...mainPlace, value: { baseline: taken.baseline } });
    if (taken.rows.tables > 0) {
      const reference = await run.recorder.reference(ROWS_FILE);
      run.recorder.record({ kind: 'file', what: 'digests of rows at the baseline', reference });
    }
    const rows = Object.values(loaded.rows).reduce((sum, count) => sum + BigInt(count), 0n);
    return `${dataset.name}: ${rows} rows in ${Object.keys(loaded.rows).length} tables of database ${loaded.database}`;
  });
  return taken!;
}

/**
 * Phase `backup`: a base backup, verified usable.
 * @param made called once it is, with the leader
 */
export async function backupStage(
  run: Run,
  cluster: Cluster,
  made?: (leader: PatroniNode, backup: BackupRef) => Promise<void>,
): Promise<BackupRef> {
  let backup: BackupRef | undefined;
  await phase(run, 'backup', async () => {
    backup = await makeBackup(run, cluster);
    run.recorder.record({ kind: 'backup-made', ...mainPlace, backup });
    const leader = await cluster.leader();
    await made?.(leader, backup);
    await noteBefore(run, cluster, leader);
    return `${backup.id}, ${backup.beginLsn} to ${backup.endLsn}, status ${backup.status}`;
  });
  return backup!;
}

/** Records what the accident must not change for good: databases, history of the timeline, roles and tablespaces, settings. */
export async function noteBefore(run: Run, cluster: Cluster, leader: PatroniNode): Promise<void> {
  const timeline = await leader.writtenTimeline();
  run.recorder.record({
    kind: 'observed',
    ...mainPlace,
    value: {
      databases: await listDatabases(leader),
      historyBefore: await leader.history(timeline),
      globalsBefore: await collectGlobals(leader),
      settingsBefore: await settingsBefore(cluster, leader),
    },
  });
}

/** What a run needs of the machine: a copy of the data for each member, one kept aside, two backups, and WAL of all that. */
function needs({ dataset, nodes, aside }: StageOptions): { diskBytes: number; memoryBytes: number } {
  const copies = nodes + 3;
  return {
    diskBytes: 1.5e9 + copies * (60e6 + dataset.diskBytes) + 3 * dataset.diskBytes,
    memoryBytes: (nodes + (aside ? 1 : 0)) * memoryOf.member + 3 * memoryOf.etcd + memoryOf.barman,
  };
}
