import path from 'node:path';
import { packageRoot } from '../../bin/machine/root.cjs';
import { labels } from '../run/ids';
import { limited } from '../run/until';
import { ensureBaseImage } from './base-image';
import { buildImage, contentOf, type ImageRecipe } from './build';
import { contentHash, readContext } from './build-context';
import type { Engine } from './connect';
import { engineFailure, statusOf } from './failures';
import { withLock } from './machine-lock';
import { findStack, type ImageName, type Stack } from './stacks';

/** pgdrill's own folder with a build context for each image. */
export function dockerDirectory(): string {
  return path.join(packageRoot(), 'docker');
}

export interface BuildOptions {
  /** The folder with a build context for each image, by name. */
  dockerDir: string;
  progress(text: string): void;
  signal: AbortSignal;
  deadlineScale: number;
}

/**
 * Images that are built one after the other, and the lanes beside each other: node and barman begin with the same
 * instructions, so the second takes the first one's layers from the engine's cache.
 */
const lanes: readonly (readonly ImageName[])[] = [['node', 'barman'], ['etcd']];

/**
 * The images of a stack, built where the engine does not have them with this very content.
 * @param stack a stack, or the name of one
 * @returns the tag of each
 * @throws PGDRILL_UNKNOWN_STACK, PGDRILL_BASE_IMAGE, PGDRILL_IMAGE_CONTEXT, PGDRILL_IMAGE_BUILD, PGDRILL_DEADLINE,
 *   PGDRILL_INTERRUPTED
 */
export async function ensureImages<N extends ImageName>(
  engine: Engine,
  stack: string | Stack,
  names: readonly N[],
  options: BuildOptions,
): Promise<Record<N, string>> {
  const chosen = typeof stack === 'string' ? findStack(stack) : stack;
  const baseId = await ensureBaseImage(engine, chosen, options);
  const giveUp = new AbortController();
  const signal = AbortSignal.any([options.signal, giveUp.signal]);
  const tags = new Map<ImageName, string>();
  const outcomes = await Promise.allSettled(
    lanes.map(async (lane) => {
      try {
        for (const name of lane.filter((one) => (names as readonly ImageName[]).includes(one))) {
          const recipe = recipeOf(chosen, name, baseId, options.dockerDir);
          await ensureImage(engine, recipe, { ...options, signal });
          tags.set(name, recipe.tag);
        }
      } catch (error) {
        // One that does not build is enough to fail: the other lane need not go on for minutes.
        giveUp.abort(error);
        throw error;
      }
    }),
  );
  if (giveUp.signal.aborted) throw giveUp.signal.reason;
  const failed = outcomes.find((outcome) => outcome.status === 'rejected');
  if (failed) throw failed.reason;
  return Object.fromEntries(tags) as Record<N, string>;
}

function recipeOf(stack: Stack, name: ImageName, baseId: string, dockerDir: string): ImageRecipe {
  const files = readContext(path.join(dockerDir, name));
  const buildArguments = { ...stack.buildArguments, BASE_IMAGE: stack.baseImage };
  const hash = contentHash(files, buildArguments, baseId);
  return { name, tag: `pgdrill-${name}:${stack.name}-${hash.slice(0, 12)}`, files, buildArguments, contentHash: hash };
}

async function ensureImage(engine: Engine, recipe: ImageRecipe, options: BuildOptions): Promise<void> {
  const isThere = async () => (await contentOf(engine, recipe.tag)) === recipe.contentHash;
  if (await isThere()) return;
  const lock = `pgdrill-build-${recipe.contentHash.slice(0, 24)}.lock`;
  await withLock(lock, `building the image ${recipe.name}`, options, async () => {
    if (await isThere()) return;
    await limited('image built', options, (signal) => buildImage(engine, recipe, options.progress, signal));
  });
}

export interface StackImage {
  id: string;
  tags: string[];
  sizeBytes: number;
}

/** The images that pgdrill has built, of every stack and content. */
export async function builtImages(engine: Engine): Promise<StackImage[]> {
  try {
    const found = await engine.docker.listImages({ filters: { label: [labels.content] } });
    return found.map(({ Id, RepoTags, Size }) => ({
      id: Id,
      tags: (RepoTags ?? []).filter((tag) => tag !== '<none>:<none>'),
      sizeBytes: Size,
    }));
  } catch (error) {
    throw engineFailure(error, 'the images were listed');
  }
}

/**
 * Which images of pgdrill are not what a stack's build contexts say now: older versions, other checkouts.
 * @param stacks the stacks whose present images are kept
 */
export async function staleImages(
  engine: Engine,
  stacks: (string | Stack)[],
  dockerDir: string,
): Promise<StackImage[]> {
  const present = new Set<string>();
  for (const one of stacks) {
    const stack = typeof one === 'string' ? findStack(one) : one;
    const base = await engine.docker
      .getImage(stack.baseImage)
      .inspect()
      .catch(() => undefined);
    if (!base) continue;
    for (const name of lanes.flat()) present.add(recipeOf(stack, name, base.Id, dockerDir).tag);
  }
  return (await builtImages(engine)).filter(({ tags }) => !tags.some((tag) => present.has(tag)));
}

/**
 * Removes stale images.
 * @param which of them; all when left out
 * @returns those removed; one that a container uses stays
 */
export async function removeStaleImages(
  engine: Engine,
  stacks: (string | Stack)[],
  dockerDir: string,
  which: (image: StackImage) => boolean = () => true,
): Promise<StackImage[]> {
  const removed: StackImage[] = [];
  for (const image of (await staleImages(engine, stacks, dockerDir)).filter(which)) {
    try {
      for (const name of image.tags.length > 0 ? image.tags : [image.id]) await engine.docker.getImage(name).remove();
      removed.push(image);
    } catch (error) {
      if (statusOf(error) !== 409 && statusOf(error) !== 404)
        throw engineFailure(error, `the image ${image.id} was removed`);
    }
  }
  return removed;
}
