import { sampleDescription } from '../sample-description';
import { renderPatroniConfig } from '../patroni-config';
import { readPatroniSettings } from './patroni-settings';

const where = { container: 'pg-a', file: '/etc/patroni.yml' };
const least = `
scope: orders
name: pg-a
postgresql: { data_dir: /data/pg }
etcd3: { hosts: [kv1:2379] }
`;

describe('Patroni’s settings', () => {
  test('of a member of ours', () => {
    const description = sampleDescription();
    expect(readPatroniSettings(where, renderPatroniConfig(description, 'db2'), {})).toEqual({
      name: 'db2',
      scope: 'patroni1',
      namespace: '/service/',
      dataDir: '/var/lib/postgresql/15/db2',
      binDir: '/usr/lib/postgresql/15/bin',
      postgres: { host: '127.0.0.1', port: 5432 },
      rest: { host: '127.0.0.1', port: 8008, tls: false },
      superuser: { username: 'postgres', password: 'secret-of-superuser' },
      replication: { username: 'replicator', password: 'secret-of-replicator' },
      rewind: { username: 'rewind', password: 'secret-of-rewind' },
      dcs: {
        hosts: [
          { host: 'etcd1', port: 2379 },
          { host: 'etcd2', port: 2379 },
          { host: 'etcd3', port: 2379 },
        ],
      },
    });
  });

  test('what is left out is as Patroni has it', () => {
    expect(readPatroniSettings(where, least, {})).toMatchObject({
      namespace: '/service/',
      postgres: { host: '127.0.0.1', port: 5432 },
      superuser: { username: 'postgres', password: '' },
      rewind: { username: 'postgres', password: '' },
    });
  });

  test('the environment wins over the file, and PATRONI_CONFIGURATION stands for it', () => {
    const environment = {
      PATRONI_NAME: 'pg-b',
      PATRONI_NAMESPACE: 'databases',
      PATRONI_POSTGRESQL_LISTEN: '10.0.0.7:6432',
      PATRONI_RESTAPI_LISTEN: ':9008',
      PATRONI_RESTAPI_CERTFILE: '/etc/tls.crt',
      PATRONI_SUPERUSER_USERNAME: 'admin',
      PATRONI_SUPERUSER_PASSWORD: 'from the environment',
      PATRONI_ETCD3_HOSTS: "'kv7:2379','kv8:23790'",
      PATRONI_ETCD3_PROTOCOL: 'https',
      PATRONI_ETCD3_CACERT: '/etc/ca.crt',
      PATRONI_ETCD3_USERNAME: 'patroni',
      PATRONI_ETCD3_PASSWORD: 'of etcd',
    };
    const read = readPatroniSettings(where, 'nothing: of this', { ...environment, PATRONI_CONFIGURATION: least });
    expect(read).toMatchObject({
      name: 'pg-b',
      scope: 'orders',
      namespace: '/databases/',
      postgres: { host: '10.0.0.7', port: 6432 },
      rest: { host: '127.0.0.1', port: 9008, tls: true },
      superuser: { username: 'admin', password: 'from the environment' },
      dcs: {
        hosts: [
          { host: 'kv7', port: 2379 },
          { host: 'kv8', port: 23790 },
        ],
        tls: { ca: '/etc/ca.crt' },
        username: 'patroni',
        password: 'of etcd',
      },
    });
  });

  test.each([
    ['one host', 'etcd3: { host: kv1 }', [{ host: 'kv1', port: 2379 }]],
    [
      'a text of hosts',
      "etcd3: { hosts: 'kv1:1, kv2:2' }",
      [
        { host: 'kv1', port: 1 },
        { host: 'kv2', port: 2 },
      ],
    ],
    ['an address of version 6', "etcd3: { hosts: ['[::1]:2379'] }", [{ host: '::1', port: 2379 }]],
    ['a URL', 'etcd3: { url: https://kv1:2379 }', [{ host: 'kv1', port: 2379 }]],
  ])('etcd › %s', (_, line, hosts) => {
    expect(readPatroniSettings(where, least.replace(/etcd3: .*/, line), {}).dcs.hosts).toEqual(hosts);
  });

  test('etcd › the description’s hosts stand for the configured ones', () => {
    const given = ['10.0.0.1:2379'];
    const srv = least.replace(/etcd3: .*/, 'etcd3: { srv: example.com }');
    expect(readPatroniSettings(where, srv, {}, given).dcs.hosts).toEqual([{ host: '10.0.0.1', port: 2379 }]);
  });

  test.each([
    ['no scope', least.replace(/scope: .*/, ''), 'has no "scope"'],
    ['no data directory', least.replace(/postgresql: .*/, ''), 'has no "postgresql.data_dir"'],
    ['no YAML', 'scope: [', 'is no YAML'],
    ['version 2 of etcd', least.replace('etcd3', 'etcd'), 'version 2 interface'],
    ['another DCS', least.replace(/etcd3: .*/, 'consul: { host: c }'), 'names no etcd, but consul'],
    ['etcd by DNS', least.replace(/etcd3: .*/, 'etcd3: { srv: example.com }'), 'by DNS (srv: example.com)'],
    ['Citus', `${least}citus: { group: 1, database: c }`, 'Citus'],
  ])('refused › %s', (_, text, words) => {
    expect(() => readPatroniSettings(where, text, {})).toThrow(words);
    expect(() => readPatroniSettings(where, text, {})).toThrow(
      expect.objectContaining({ code: 'PGDRILL_DISCOVERY_FAILED' }),
    );
  });
});
