import os from 'node:os';
import type { Engine } from './connect';
import { readResources, requireResources } from './resources';

// The data root is all that is read of an engine here.
const engine = { dataRoot: os.tmpdir() } as Engine;

describe('resources', () => {
  test('are read from this machine, and unknown for a data root elsewhere', () => {
    const { diskFreeBytes, memoryAvailableBytes } = readResources(engine);
    expect(diskFreeBytes).toBeGreaterThan(1e6);
    expect(memoryAvailableBytes).toBeGreaterThan(1e6);
    expect(memoryAvailableBytes).toBeLessThanOrEqual(os.totalmem());
    expect(readResources({ dataRoot: '/no/such/folder' } as Engine).diskFreeBytes).toBeUndefined();
  });

  const needs = { diskBytes: 5e9, memoryBytes: 900e6 };

  test('too little is refused with the figures', () => {
    const check = (diskFreeBytes?: number, memoryAvailableBytes?: number) => () =>
      requireResources(engine, needs, { diskFreeBytes, memoryAvailableBytes });
    expect(check(4.94e9, 1e9)).toThrow(/4\.9 GB are free under .*the drill needs 5\.0 GB \(PGDRILL_DISK_LOW\)/);
    expect(check(5e9, 899e6)).toThrow(
      /899 MB of memory are available, and the drill needs 900 MB \(PGDRILL_MEMORY_LOW\)/,
    );
    expect(check(5e9, 900e6)).not.toThrow();
    expect(check(undefined, undefined)).not.toThrow();
  });

  test('without figures given, those of the machine are taken', () => {
    expect(() => requireResources(engine, { diskBytes: 1e18, memoryBytes: 0 })).toThrow('PGDRILL_DISK_LOW');
    expect(() => requireResources(engine, { diskBytes: 0, memoryBytes: 1e18 })).toThrow('PGDRILL_MEMORY_LOW');
  });
});
