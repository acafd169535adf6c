import type { Container } from '../engine/container';
import { beginScratchRun, type ScratchRun } from '../engine/scratch-run';
import { until } from '../run/until';
import { renderBootstrapSql, renderPatroniConfig } from './patroni-config';
import { sampleDescription } from './sample-description';
import { newSshKey } from './ssh-key';
import { imagesForTests } from './test-cluster';

const description = sampleDescription({ run: 'none', network: 'none', members: ['db1'], etcd: ['etcd1'] });
const inPlace = '/etc/patroni/patroni.yml';
const away = `${inPlace}.disabled`;

/** What docker/README.md promises of one node container, without a cluster around it. */
describe('node image', () => {
  let scratch: ScratchRun;
  let node: Container;
  const said = async (command: string) => (await node.exec(['bash', '-c', command], { check: true })).stdout.trim();
  const appears = async (command: string) =>
    until('containers started', scratch.context, async () => (await said(`${command} || true`)) !== '');

  beforeAll(async () => {
    scratch = await beginScratchRun();
    const { node: image } = await imagesForTests(scratch.engine, ['node']);
    const anyone = (target: string, content: string) => ({ target, content, mode: 0o644 });
    node = await scratch.start('db1', {
      image,
      command: undefined,
      files: [
        // Not in its place: Patroni waits for it, and nothing asks for an etcd.
        anyone(away, renderPatroniConfig(description, 'db1')),
        anyone('/etc/pgdrill/bootstrap.sql', renderBootstrapSql(description)),
        anyone('/etc/pgdrill/ssh/id', newSshKey().private),
        anyone('/etc/pgdrill/ssh/known_hosts', 'barman none\n'),
      ],
    });
    await until('containers started', scratch.context, () =>
      said('supervisorctl status patroni | grep RUNNING || true'),
    );
  });
  afterAll(() => scratch?.end());

  test.each([
    'pg_ctl',
    'pg_waldump',
    'pg_controldata',
    'pg_rewind',
    'patronictl',
    'supervisorctl',
    'barman-wal-archive',
  ])('%s › is on the PATH of an exec, and of a login shell of postgres', async (program) => {
    const [plain, login] = [
      await said(`command -v ${program}`),
      await said(`su - postgres -c 'command -v ${program}'`),
    ];
    expect(login).toBe(plain);
    // Debian's wrapper would take a cluster of its own making.
    if (program.startsWith('pg_')) expect(plain).toBe(`/usr/lib/postgresql/15/bin/${program}`);
  });

  test('files › of any owner and mode are made postgres’ own and secret before Patroni starts', async () => {
    expect(await said(`stat -c '%U %a %n' ${away} /etc/pgdrill/bootstrap.sql /etc/pgdrill/ssh/*`)).toBe(
      [away, '/etc/pgdrill/bootstrap.sql', '/etc/pgdrill/ssh/id', '/etc/pgdrill/ssh/known_hosts']
        .map((file) => `postgres 600 ${file}`)
        .join('\n'),
    );
    expect(await said('id -u postgres; id -u barman; stat -c %U /var/lib/postgresql/15 /run/postgresql')).toBe(
      '500\n501\npostgres\npostgres',
    );
  });

  test('ssh key › OpenSSH reads the form that we write', async () => {
    const read = await said(`su postgres -c 'ssh-keygen -y -f /etc/pgdrill/ssh/id'`);
    expect(read).toMatch(/^ecdsa-sha2-nistp256 /);
  });

  test('patroni.yml › Patroni’s own validation finds nothing but the hosts that are not there', async () => {
    const complaints = await said(`su postgres -c 'patroni --validate-config ${away} 2>&1' || true`);
    // It wants pg_hba under bootstrap as well, where Patroni itself does not (its documentation, "Bootstrap configuration").
    const known = /^(etcd3\.hosts\.0|bootstrap\.pg_hba) /;
    const own = complaints.split('\n').filter((line) => line !== '' && !known.test(line));
    expect(own).toEqual([]);
    // It does look: a listener that is none is named.
    await said(`sed "s/^restapi:.*/restapi: { listen: nowhere }/" ${away} > /tmp/wrong.yml; chmod 0644 /tmp/wrong.yml`);
    expect(await said(`su postgres -c 'patroni --validate-config /tmp/wrong.yml 2>&1' || true`)).toMatch(/^restapi/m);
  });

  test('supervisor › keeps the container up with Patroni stopped, and Patroni out while its file is away', async () => {
    expect(await said('ps -o comm= -p 1')).toBe('supervisord');
    expect(await said('pgrep -c -u postgres -f /usr/bin/patroni || true')).toBe('0');
    expect(await said('supervisorctl stop patroni')).toBe('patroni: stopped');
    expect(await said('supervisorctl status patroni || true')).toMatch(/STOPPED/);
    expect(await node.isRunning()).toBe(true);
    await said(`cp -p ${away} ${inPlace}`);
    expect(await said('supervisorctl start patroni')).toBe('patroni: started');
    await appears(`pgrep -u postgres -f '/usr/bin/patroni ${inPlace}'`);
    // It says so in the container's log: there is no etcd to be had.
    await until('containers started', scratch.context, async () => /etcd/i.test(await node.logs()));
  });
});
