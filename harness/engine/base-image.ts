import { createReadStream, existsSync } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { runChild } from '../../bin/machine/child.cjs';
import { installPackages } from '../../bin/machine/packages.cjs';
import { messageOf, PgdrillError } from '../record/errors';
import { limited, throwIfInterrupted } from '../run/until';
import type { Engine } from './connect';
import { engineFailure, machineFailure, statusOf } from './failures';
import type { BuildOptions } from './images';
import { withLock } from './machine-lock';
import type { Stack } from './stacks';

/**
 * The id of the base image of a stack. Where the engine has none it is pulled; where no registry answers it is made from
 * the machine's Debian mirror by mmdebstrap and imported under the same name, so that the Dockerfiles are the same.
 * @throws PGDRILL_BASE_IMAGE, PGDRILL_DEADLINE, PGDRILL_INTERRUPTED
 */
export async function ensureBaseImage(engine: Engine, stack: Stack, options: BuildOptions): Promise<string> {
  const there = await idOf(engine, stack.baseImage);
  if (there) return there;
  const lock = `pgdrill-base-${stack.baseImage.replaceAll(/[^\w.-]/g, '-')}.lock`;
  return withLock(lock, `getting the image ${stack.baseImage}`, options, async () => {
    const made = await idOf(engine, stack.baseImage);
    if (made) return made;
    const refused = await pull(engine, stack.baseImage, options);
    if (refused !== undefined) await debootstrap(engine, stack, refused, options);
    const id = await idOf(engine, stack.baseImage);
    if (id) return id;
    throw new PgdrillError(
      'PGDRILL_BASE_IMAGE',
      `${stack.baseImage} was got, yet the engine does not have it`,
      'try again',
    );
  });
}

async function idOf(engine: Engine, image: string): Promise<string | undefined> {
  try {
    return (await engine.docker.getImage(image).inspect()).Id;
  } catch (error) {
    if (statusOf(error) === 404) return undefined;
    throw engineFailure(error, `the image ${image} was looked for`);
  }
}

/** @returns undefined when it was pulled, else why not */
async function pull(engine: Engine, image: string, options: BuildOptions): Promise<string | undefined> {
  options.progress(`pulling ${image}`);
  try {
    // A registry has to begin to answer soon: where there is none, some networks swallow the question.
    const stream = await limited(
      'engine answers',
      options,
      async (abortSignal) => (await engine.docker.pull(image, { abortSignal })) as Readable,
    );
    await limited('base image made', options, (signal) => followed(stream, signal));
    return undefined;
  } catch (error) {
    throwIfInterrupted(options.signal);
    return messageOf(error).trim();
  }
}

/** Reads what the engine reports of a pull or an import; an error in it is thrown. */
async function followed(stream: Readable, signal: AbortSignal): Promise<void> {
  const destroy = () => stream.destroy();
  signal.addEventListener('abort', destroy, { once: true });
  let text = '';
  for await (const chunk of stream) text += String(chunk);
  for (const line of text.split('\n').filter((one) => one.trim() !== '')) {
    const { error } = JSON.parse(line) as { error?: string };
    if (error) throw new Error(error);
  }
}

async function debootstrap(engine: Engine, stack: Stack, refused: string, options: BuildOptions): Promise<void> {
  options.progress(
    `no registry has ${stack.baseImage} for this machine; making it from its Debian mirror with mmdebstrap`,
  );
  const folder = await mkdtemp(path.join(os.tmpdir(), 'pgdrill-base-'));
  const archive = path.join(folder, 'base.tar');
  try {
    await limited('base image made', options, async (signal) => {
      await makeArchive(stack, archive, refused, { ...options, signal });
      options.progress(`importing ${stack.baseImage} (${Math.round((await stat(archive)).size / 1e6)} MB)`);
      const [repo, tag] = stack.baseImage.split(':');
      const stream = await engine.docker.importImage(createReadStream(archive), { repo, tag });
      await followed(stream as Readable, signal);
    });
  } catch (error) {
    if (error instanceof PgdrillError) throw error;
    throw engineFailure(error, `${stack.baseImage} was imported`);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function makeArchive(stack: Stack, archive: string, refused: string, options: BuildOptions): Promise<void> {
  const { signal, progress } = options;
  const make = () => runChild('mmdebstrap', ['--quiet', '--variant=minbase', stack.release, archive], { signal });
  let made = await make();
  if (made.missing && mayInstall()) {
    try {
      await installPackages(['mmdebstrap'], { signal, say: progress, started: () => undefined, done: () => false });
    } catch (error) {
      throwIfInterrupted(signal);
      throw machineFailure(error);
    }
    made = await make();
  }
  if (made.code === 0) return;
  throw new PgdrillError(
    'PGDRILL_BASE_IMAGE',
    `the base image ${stack.baseImage} is not on the engine, cannot be pulled (${refused}), and mmdebstrap ` +
      (made.missing ? 'is not there to make it' : `could not make it:\n${made.output}`),
    `\`docker pull ${stack.baseImage}\` where a registry is reached; or, on Debian or Ubuntu as root: apt-get install mmdebstrap, then try again`,
  );
}

/** As the launcher does it for the engine: only root on Debian or Ubuntu, and only where it is not forbidden. */
function mayInstall(): boolean {
  return process.getuid?.() === 0 && existsSync('/etc/debian_version') && process.env.PGDRILL_NO_INSTALL !== '1';
}
