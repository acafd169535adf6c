import type { Fault } from '../drill/detect/fault';
import { faults } from '../drill/detect/faults';
import { detectors } from '../observe/detectors';
import type { Detector } from '../observe/detectors/detector';
import { nearest } from '../suite/nearest';
import { usageError } from './usage';

/**
 * The faults that a command line means, in the order in which they strike.
 * @param names names, or globs over them; none: all
 * @throws PGDRILL_USAGE for a name that fits nothing, with the nearest one
 */
export function chooseFaults(names: readonly string[]): readonly Fault[] {
  return chosen(names, faults, 'fault');
}

/** @param text names or globs, joined by commas; undefined: all. @throws PGDRILL_USAGE */
export function chooseDetectors(text: string | undefined): readonly Detector[] {
  const names = (text ?? '').split(',').map((name) => name.trim());
  return chosen(
    names.filter((name) => name !== ''),
    detectors,
    'detector',
  );
}

function chosen<T extends { name: string }>(names: readonly string[], all: readonly T[], what: string): readonly T[] {
  for (const name of names) {
    if (all.some((one) => fits(one.name, name))) continue;
    const near = nearest(
      name,
      all.map((one) => one.name),
    );
    throw usageError(
      `no ${what} is called "${name}"${near ? `; did you mean "${near}"?` : ''}`,
      'choose of those that `pgdrill detect --list` shows',
    );
  }
  return names.length === 0 ? all : all.filter((one) => names.some((name) => fits(one.name, name)));
}

/** `*` stands for any letters. */
function fits(name: string, pattern: string): boolean {
  const source = pattern.replaceAll(/[.+^${}()|[\]\\?]/g, '\\$&').replaceAll('*', '.*');
  return new RegExp(`^${source}$`).test(name);
}
