import { renderBarmanConfig } from '../cluster/barman-config';
import { newSshKey } from '../cluster/ssh-key';
import { imagesForTests } from '../cluster/test-cluster';
import type { Container } from '../engine/container';
import { beginScratchRun, type ScratchRun } from '../engine/scratch-run';
import { parseCheck, parseListBackups, parseShowBackup } from './barman-json';

const server = 'patroni1';

/** Barman's own JSON where all is not well: no member to be reached, no backup, an unknown server. */
describe('barman -f json', () => {
  let scratch: ScratchRun;
  let barman: Container;
  const json = async (...args: string[]): Promise<unknown> => {
    const { stdout } = await barman.exec(['barman', '-f', 'json', ...args], { user: 'barman' });
    return JSON.parse(stdout);
  };

  beforeAll(async () => {
    scratch = await beginScratchRun();
    const { barman: image } = await imagesForTests(scratch.engine, ['barman']);
    const key = newSshKey();
    barman = await scratch.start('barman', {
      image,
      command: undefined,
      files: [
        {
          target: `/etc/barman.d/${server}.conf`,
          content: renderBarmanConfig({
            format: 1,
            run: 'none',
            name: 'main',
            stack: 'bookworm',
            postgresMajor: 15,
            scope: server,
            namespace: '/service/',
            barmanServer: server,
            network: 'none',
            members: ['db1', 'db2'],
            etcd: [],
            secrets: { superuser: 'one', replicator: 'two', rewind: 'three', barman: 'four' },
          }),
          mode: 0o644,
        },
        { target: '/etc/pgdrill/pgpass', content: '*:*:*:barman:four\n', mode: 0o644 },
        { target: '/etc/pgdrill/ssh/host_key', content: key.private, mode: 0o644 },
        { target: '/etc/pgdrill/ssh/authorized_keys', content: `${key.public}\n`, mode: 0o600 },
      ],
    });
  });
  afterAll(() => scratch?.end());

  test('check › names what fails, with Barman’s hint, and leaves out what is OK', async () => {
    const output = await json('check', server);
    const failing = parseCheck(server, output).map(({ name }) => name);
    expect(failing).toEqual(expect.arrayContaining(['postgresql', 'receive wal running', 'wal archive']));
    const items = (output as Record<string, Record<string, { status: string }>>)[server]!;
    const fine = Object.entries(items).filter(([, { status }]) => status === 'OK');
    expect(fine.length).toBeGreaterThan(0);
    expect(failing).toHaveLength(Object.keys(items).length - fine.length);
  });

  test('list-backups › of a server without any is an empty list', async () => {
    expect(parseListBackups(server, await json('list-backups', server))).toEqual([]);
  });

  test('of a server that Barman does not know, and of a backup that is not there › is an error, not a backup', async () => {
    const unreadable = expect.objectContaining({ code: 'PGDRILL_BARMAN_OUTPUT' }) as Error;
    const unknown = await json('check', 'nobody');
    expect(unknown).toEqual({ _ERROR: [expect.stringContaining('nobody')] });
    expect(() => parseCheck('nobody', unknown)).toThrow(unreadable);
    const none = await json('show-backup', server, '20200101T000000');
    expect(none).toEqual({ _ERROR: [expect.stringContaining('20200101T000000')] });
    expect(() => parseShowBackup(server, none, {})).toThrow(unreadable);
  });

  test('its configuration › is read as it was meant', async () => {
    const { stdout } = await barman.exec(['barman', 'show-server', server], { user: 'barman' });
    const value = (name: string) => new RegExp(`\\t${name}: (.*)`).exec(stdout)?.[1];
    expect(['archiver', 'streaming_archiver', 'slot_name', 'create_slot', 'backup_method'].map(value)).toEqual([
      'True',
      'True',
      'barman',
      'auto',
      'postgres',
    ]);
    expect(value('streaming_conninfo')).toMatch(/^host=db1,db2 .*target_session_attrs=read-write/);
  });
});
