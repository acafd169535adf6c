import { readFileSync } from 'node:fs';
import path from 'node:path';
import { packageRoot } from '../../bin/machine/root.cjs';

/** pgdrill's own version, as its package.json has it. */
export function packageVersion(): string {
  const text = readFileSync(path.join(packageRoot(), 'package.json'), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}

/** A drill's file as it is recorded: of pgdrill's own drills the place in the package, which is the same on every machine. */
export function recordedFile(file: string): string {
  const inside = path.relative(packageRoot(), path.resolve(file));
  return inside.startsWith('..') || path.isAbsolute(inside) ? path.resolve(file) : inside;
}

/** Where a recorded file lies here. */
export function drillFileOf(recorded: string): string {
  return path.resolve(packageRoot(), recorded);
}
