import { patched } from './stored-config';

describe('patched', () => {
  const config = {
    ttl: 20,
    slots: { barman: { type: 'physical' } },
    postgresql: { parameters: { wal_keep_size: '1MB' } },
  };

  test.each([
    ['merges objects', { postgresql: { parameters: { archive_command: 'x' } } }, 'postgresql'],
    ['makes what is not there', { synchronous_mode: true }, 'synchronous_mode'],
  ] as const)('%s', (_what, patch, name) => {
    const result = patched(config, patch);
    expect(result).toMatchObject(config);
    expect(result).toMatchObject(patch);
    expect(result).toHaveProperty(name);
  });

  test('null takes out, and only that', () => {
    expect(patched(config, { slots: { barman: null } })).toEqual({ ...config, slots: {} });
  });

  test('an object takes the place of what is none', () => {
    expect(patched({ slots: true }, { slots: { barman: { type: 'physical' } } })).toEqual({ slots: config.slots });
  });

  test('changes nothing that it was given', () => {
    const before = structuredClone(config);
    patched(config, { slots: null, postgresql: { parameters: { wal_keep_size: null } } });
    expect(config).toEqual(before);
  });
});
