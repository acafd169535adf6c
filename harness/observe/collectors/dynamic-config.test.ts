import { dynamicConfig } from './dynamic-config';

const config = (value: unknown) => dynamicConfig({ config: JSON.stringify(value), leader: 'db1' });

describe('dynamic configuration', () => {
  test('nested settings › by their dotted names, in order', () => {
    const found = config({ ttl: 20, postgresql: { parameters: { wal_level: 'logical' }, use_slots: true } });
    expect(Object.keys(found)).toEqual(['postgresql.parameters.wal_level', 'postgresql.use_slots', 'ttl']);
  });

  test('one value is another › its digest alone is another; the order of names tells nothing', () => {
    const before = config({ ttl: 20, slots: { barman: { type: 'physical' } } });
    expect(config({ slots: { barman: { type: 'physical' } }, ttl: 20 })).toEqual(before);
    const after = config({ ttl: 30, slots: { barman: { type: 'physical' } } });
    expect(Object.keys(after).filter((name) => after[name] !== before[name])).toEqual(['ttl']);
  });

  test('a setting that is gone, and one that is null › told apart', () => {
    expect(Object.keys(config({ ttl: 20 }))).toEqual(['ttl']);
    expect(Object.keys(config({ ttl: 20, slots: null }))).toEqual(['slots', 'ttl']);
  });

  test('no value of it stands in the evidence', () => {
    expect(
      JSON.stringify(config({ postgresql: { parameters: { primary_conninfo: 'password=hunter2' } } })),
    ).not.toContain('hunter2');
  });

  test('no such key in the DCS › nothing', () => {
    expect(dynamicConfig({})).toEqual({});
  });
});
