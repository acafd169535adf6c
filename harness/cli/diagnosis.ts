import os from 'node:os';
import type { Machine } from '../../bin/machine/ready.cjs';
import { bytesText, plural } from '../../reports/quantity';
import { findRuns } from '../engine/cleanup';
import { connectEngine, type Engine } from '../engine/connect';
import { builtImages, dockerDirectory, staleImages } from '../engine/images';
import { readResources } from '../engine/resources';
import { labels } from '../run/ids';
import { describeError } from '../record/errors';
import { stateOf } from './clusters';
import { imageNames } from './image-names';
import { packageVersion } from '../run/package';
import { defaultStack } from './usage';

/** One thing looked at. `problem`: drills cannot run; `note`: worth to know, and in nobody's way. */
export interface Diagnosis {
  name: string;
  state: 'good' | 'note' | 'problem';
  /** One line each. */
  found: string[];
  /** What to do about it. */
  cure?: string;
}

/** What the default drill needs at least: three PostgreSQL members, three of etcd, Barman, and the images. */
const leastMemoryBytes = 2 * 2 ** 30;
const leastDiskBytes = 4 * 2 ** 30;

/**
 * Looks at everything that drills depend on; changes nothing and installs nothing.
 * @param machine what the launcher found: for this command the endpoint may be a failure
 */
export async function examineMachine(machine: Machine): Promise<Diagnosis[]> {
  const self: Diagnosis = {
    name: 'pgdrill',
    state: 'good',
    found: [
      `${packageVersion()}, Node ${process.versions.node}, ${process.platform} ${process.arch}, ${plural(os.availableParallelism(), 'core')}`,
    ],
  };
  const { endpoint } = machine;
  if (endpoint && 'failure' in endpoint) {
    return [
      self,
      { name: 'engine', state: 'problem', found: [`${endpoint.failure}: ${endpoint.what}`], cure: endpoint.cure },
    ];
  }
  try {
    const engine = await connectEngine();
    const parts = [images(engine), clusters(engine)];
    return [self, engineFound(engine), ...resources(engine), ...(await Promise.all(parts)).flat()];
  } catch (error) {
    const { code, what, cure } = describeError(error);
    return [self, { name: 'engine', state: 'problem', found: [`${code}: ${what}`], ...(cure ? { cure } : {}) }];
  }
}

function engineFound(engine: Engine): Diagnosis {
  const { endpoint, serverVersion, storageDriver, architecture, dataRoot } = engine;
  const found = [
    `${serverVersion} at ${endpoint.host} (${endpoint.source})`,
    `${storageDriver} in ${dataRoot}, ${architecture}`,
  ];
  if (storageDriver !== 'vfs') return { name: 'engine', state: 'good', found };
  const cure = 'put the data root on a file system that overlay2 works on (ext4, xfs with ftype=1)';
  return {
    name: 'engine',
    state: 'note',
    found: [...found, 'vfs copies every layer for every container: slow, and large'],
    cure,
  };
}

function resources(engine: Engine): Diagnosis[] {
  const { memoryAvailableBytes: memory, diskFreeBytes: disk } = readResources(engine);
  return [
    memory === undefined
      ? { name: 'memory', state: 'note', found: ['what is available is not known on this system'] }
      : {
          name: 'memory',
          state: memory < leastMemoryBytes ? 'problem' : 'good',
          found: [`${bytesText(memory)} available of ${bytesText(engine.memoryBytes)}`],
          ...(memory < leastMemoryBytes
            ? { cure: `a drill needs ${bytesText(leastMemoryBytes)}: end other programs or clusters` }
            : {}),
        },
    disk === undefined
      ? {
          name: 'disk',
          state: 'note',
          found: [`${engine.dataRoot} is not on this machine: its free space is not known`],
        }
      : {
          name: 'disk',
          state: disk < leastDiskBytes ? 'problem' : 'good',
          found: [`${bytesText(disk)} free under ${engine.dataRoot}`],
          ...(disk < leastDiskBytes
            ? { cure: `images and a drill need ${bytesText(leastDiskBytes)}: free some space there` }
            : {}),
        },
  ];
}

async function images(engine: Engine): Promise<Diagnosis[]> {
  const stale = await staleImages(engine, [defaultStack], dockerDirectory());
  const staleIds = new Set(stale.map(({ id }) => id));
  const present = (await builtImages(engine)).filter(({ id }) => !staleIds.has(id));
  const missing = imageNames.filter(
    (name) => !present.some(({ tags }) => tags.some((tag) => tag.startsWith(`pgdrill-${name}:`))),
  );
  const found = present.map(({ tags, sizeBytes }) => `${tags.join(', ')} ${bytesText(sizeBytes)}`).sort();
  if (missing.length > 0) found.push(`not built yet: ${missing.join(', ')}`);
  const diagnoses: Diagnosis[] = [
    {
      name: 'images',
      state: missing.length > 0 ? 'note' : 'good',
      found,
      ...(missing.length > 0
        ? { cure: 'nothing: the first drill builds them; `pgdrill images build` does it now' }
        : {}),
    },
  ];
  if (stale.length > 0) {
    const bytes = stale.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
    const text = `${plural(stale.length, 'image')} out of date, ${bytesText(bytes)} (layers in common counted twice)`;
    diagnoses.push({ name: '', state: 'note', found: [text], cure: 'pgdrill images clean' });
  }
  return diagnoses;
}

async function clusters(engine: Engine): Promise<Diagnosis[]> {
  const runs = (await findRuns(engine)).map((run) => ({ run, state: stateOf(run, os.hostname()) }));
  const lines = (state: string) =>
    runs
      .filter((one) => one.state === state)
      .map(({ run }) => {
        const members = run.resources.flatMap((resource) => resource.labels[labels.member] ?? []);
        return `${run.run}: ${members.length > 0 ? [...new Set(members)].sort().join(', ') : plural(run.resources.length, 'thing')}`;
      });
  const kept = lines('kept');
  const running = lines('running drill');
  const foreign = lines('of another host');
  const left = lines('left over');
  return [
    ...(kept.length > 0
      ? [
          {
            name: 'kept',
            state: 'note' as const,
            found: kept,
            cure: '`pgdrill enter <run>` to look, `pgdrill down <run>` to remove',
          },
        ]
      : []),
    ...(running.length > 0 ? [{ name: 'running', state: 'note' as const, found: running }] : []),
    ...(foreign.length > 0
      ? [
          {
            name: 'other hosts',
            state: 'note' as const,
            found: foreign,
            cure: '`pgdrill down <run>`, if nobody needs it any more',
          },
        ]
      : []),
    left.length > 0
      ? {
          name: 'left over',
          state: 'note' as const,
          found: left,
          cure: '`pgdrill down --all`; the next drill removes it, too',
        }
      : { name: 'left over', state: 'good' as const, found: ['nothing'] },
  ];
}
