import path from 'node:path';

/** A path as a person would type it: relative to the working directory when it lies in it, else absolute. */
export function shown(file: string, cwd = process.cwd()): string {
  const relative = path.relative(cwd, file);
  return relative === '' ? '.' : relative.startsWith('..') ? path.resolve(cwd, file) : relative;
}
