import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { messageOf, PgdrillError } from '../record/errors';
import type { TarFile } from './tar';

/**
 * The files of a build context, in the order of their names. Of the mode only "may be executed" counts: the rest is the
 * umask of whoever checked the files out.
 * @throws PGDRILL_IMAGE_CONTEXT
 */
export function readContext(folder: string): TarFile[] {
  try {
    return readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => statSync(path.join(folder, name)).isFile())
      .sort()
      .map((name) => {
        const file = path.join(folder, name);
        const mode = (statSync(file).mode & 0o100) === 0 ? 0o644 : 0o755;
        return { name: name.split(path.sep).join('/'), content: readFileSync(file), mode };
      });
  } catch (error) {
    const what = `the build context ${folder} cannot be read: ${messageOf(error)}`;
    throw new PgdrillError('PGDRILL_IMAGE_CONTEXT', what, 'restore the folder from the package or the repository', {
      cause: error,
    });
  }
}

/**
 * What an image is built from, as one hash (sha256, hex): files with names, modes and bytes, build arguments without
 * proxies, and the base image's id. Two images of one hash are interchangeable.
 */
export function contentHash(files: TarFile[], buildArguments: Record<string, string>, baseId: string): string {
  const hash = createHash('sha256');
  const add = (...parts: (string | Buffer)[]) => {
    for (const part of parts) hash.update(`${Buffer.byteLength(part)}:`).update(part);
  };
  for (const { name, mode, content } of files) add('file', name, mode.toString(8), content);
  for (const [name, value] of Object.entries(buildArguments).sort(([a], [b]) => (a < b ? -1 : 1)))
    add('arg', name, value);
  add('base', baseId);
  return hash.digest('hex');
}

const proxyNames = ['http_proxy', 'https_proxy', 'no_proxy', 'ftp_proxy', 'all_proxy'];

/**
 * The proxies of the environment, in both cases of letters, for the build: programs differ in which they read. They are
 * predefined build arguments, so they stay out of the image and its cache (Dockerfile reference, "Predefined ARGs").
 */
export function proxyArguments(environment: NodeJS.ProcessEnv): Record<string, string> {
  const found: Record<string, string> = {};
  for (const name of proxyNames) {
    const value = environment[name] ?? environment[name.toUpperCase()];
    if (value) Object.assign(found, { [name]: value, [name.toUpperCase()]: value });
  }
  return found;
}

/** Whether a proxy listens on this machine's loopback, which a build reaches on the machine's own network only. */
export function proxyIsLocal(proxies: Record<string, string>): boolean {
  const local = /^([a-z]+:\/\/)?([^@/]*@)?(localhost|127\.[\d.]+|\[::1\])(:|\/|$)/;
  return Object.entries(proxies).some(([name, value]) => !/^no_proxy$/i.test(name) && local.test(value));
}
