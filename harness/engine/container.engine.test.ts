import { connect } from 'node:net';
import { labels } from '../run/ids';
import { until } from '../run/until';
import { findContainers } from './container';
import { ownerLabel } from './ownership';
import { beginScratchRun, type ScratchRun } from './scratch-run';
import { createVolume } from './volume';

jest.setTimeout(60_000);

const context = { deadlineScale: 1, signal: new AbortController().signal };

describe('container', () => {
  let run: ScratchRun;

  beforeAll(async () => {
    run = await beginScratchRun();
  });
  afterAll(() => run.end());

  test('is found again from its labels, with run and owner', async () => {
    await run.start('labelled', { labels: { [labels.role]: 'db', [labels.member]: 'db1' } });
    const [found, ...others] = await findContainers(run.engine, { [labels.run]: run.id, [labels.member]: 'db1' });
    expect(others).toEqual([]);
    expect(found?.name).toBe(`${run.id}-labelled`);
    expect(found?.labels).toMatchObject({
      [labels.run]: run.id,
      [labels.role]: 'db',
      [labels.member]: 'db1',
      [labels.owner]: ownerLabel(),
    });
    expect((await found?.exec(['hostname']))?.stdout).toBe('labelled\n');
  });

  test('has its files, with their modes, when its first process starts', async () => {
    const container = await run.start('files', {
      files: [
        { target: '/etc/pgdrill/secret', content: 's3cret\n', mode: 0o600 },
        { target: '/usr/local/bin/say', content: '#!/bin/sh\ncat /etc/pgdrill/secret\n', mode: 0o755 },
      ],
      command: ['sh', '-c', 'say; exec sleep infinity'],
    });
    expect((await container.exec(['stat', '-c', '%a %U', '/etc/pgdrill/secret'])).stdout).toBe('600 root\n');
    expect(await container.logs()).toBe('s3cret\n');
  });

  test('publishes on loopback only, and is only on its network', async () => {
    const container = await run.start('ports', { ports: [5432, 8008] });
    const { NetworkSettings, HostConfig } = await container.inspect();
    const bound = Object.values(NetworkSettings.Ports).flat();
    expect(bound.map(({ HostIp }) => HostIp)).toEqual(['127.0.0.1', '127.0.0.1']);
    expect(Object.keys(NetworkSettings.Networks)).toEqual([run.network.name]);
    expect(HostConfig.NetworkMode).toBe(run.network.name);
    expect(await container.hostPort(5432)).not.toBe(await container.hostPort(8008));
    await expect(container.hostPort(1)).rejects.toMatchObject({ code: 'PGDRILL_PORT_UNPUBLISHED' });
  });

  test('after kill and start its port is asked for anew, and leads into it', async () => {
    const command = ['perl', '-MIO::Socket::INET', '-e', listener];
    const container = await run.start('killed', { ports: [7000], command });
    const before = await container.hostPort(7000);
    expect(await greeting(before)).toBe('hello from killed\n');
    await container.kill();
    expect(await container.isRunning()).toBe(false);
    await expect(container.hostPort(7000)).rejects.toMatchObject({ code: 'PGDRILL_PORT_UNPUBLISHED' });
    await container.start();
    expect(await greeting(await container.hostPort(7000))).toBe('hello from killed\n');
  });

  test('cut from its network it reaches nobody, and comes back under its name', async () => {
    const [one, two] = await Promise.all([run.start('one', { ports: [80] }), run.start('two')]);
    const sees = async () => (await two.exec(['getent', 'hosts', 'one'])).exitCode === 0;
    expect(await sees()).toBe(true);
    await one.disconnect(run.network.name);
    await one.disconnect(run.network.name);
    expect(await sees()).toBe(false);
    expect((await one.exec(['sh', '-c', 'ls /sys/class/net'])).stdout).toBe('lo\n');
    await one.connect(run.network.name, ['one']);
    await one.connect(run.network.name, ['one']);
    expect(await sees()).toBe(true);
    expect(await one.hostPort(80)).toBeGreaterThan(0);
  });

  test('files are read from and put into a stopped one, volumes included', async () => {
    const volume = await createVolume(run.engine, run.id, `${run.id}-data`);
    const container = await run.start('stopped', { volumes: [{ volume, target: '/data' }] });
    await container.exec(['sh', '-c', 'printf text > /data/file; ln -s ../data/file /data/link'], { check: true });
    await container.stop(1);
    await container.stop(1);
    expect(await container.isRunning()).toBe(false);
    expect(await container.readFile('/data/file')).toBe('text');
    expect(await container.readFile('/data/link')).toBe('text');
    await expect(container.readFile('/data/none')).rejects.toMatchObject({ code: 'PGDRILL_FILE_MISSING' });
    await container.putFiles([{ target: '/data/put', content: 'more', mode: 0o640, uid: 33, gid: 33 }]);
    await container.start();
    expect((await container.exec(['stat', '-c', '%a %u %g %s', '/data/put'])).stdout).toBe('640 33 33 4\n');
  });

  test('logs are read by time and followed by line', async () => {
    const follower = await run.start('follower', {
      command: ['sh', '-c', 'echo first; mkfifo /pipe; while true; do cat /pipe; done'],
    });
    const seen: string[] = [];
    const second = new Promise<void>((resolve) => {
      void follower.followLogs((line) => {
        seen.push(line);
        if (line === 'second') resolve();
      });
    });
    await follower.exec(['sh', '-c', 'until [ -p /pipe ]; do :; done; echo second > /pipe'], { check: true });
    await second;
    expect(seen.at(-1)).toBe('second');
    expect(await follower.logs()).toBe('first\nsecond\n');
    expect(await follower.logs({ since: new Date(Date.now() + 60_000) })).toBe('');
  });

  test('limits of memory and of /dev/shm hold', async () => {
    const container = await run.start('limited', {
      memoryBytes: 64 << 20,
      shmBytes: 128 << 20,
      tmpfs: { '/full': 'size=1m' },
    });
    const { HostConfig } = await container.inspect();
    expect(HostConfig).toMatchObject({ Memory: 64 << 20, MemorySwap: 64 << 20 });
    const { stdout } = await container.exec(['df', '--block-size=1024', '--output=size', '/dev/shm', '/full']);
    expect(stdout.match(/^ *\d+$/gm)?.map(Number)).toEqual([131_072, 1_024]);
  });

  test('one that dies at once is an error within seconds, with its last words', async () => {
    const command = ['sh', '-c', 'echo no leader >&2; exit 9'];
    // Whether it lives when it has been started is a race; whoever waits for it asks again.
    const dying = run
      .start('dying', { ports: [80], command })
      .then((container) => until('containers started', context, () => container.requireRunning().then(() => false)));
    await expect(dying).rejects.toMatchObject({
      code: 'PGDRILL_CONTAINER_DIED',
      what: expect.stringMatching(/ended with 9; .*no leader/s) as string,
    });
  });

  test('one that cannot start says why; an image that is not there too', async () => {
    const cannot = run.start('cannot', { command: ['/no/such/program'] });
    await expect(cannot).rejects.toMatchObject({
      code: 'PGDRILL_CONTAINER_START',
      what: expect.stringContaining('/no/such/program') as string,
    });
    await expect(run.start('none', { image: 'pgdrill-none:at-all' })).rejects.toMatchObject({
      code: 'PGDRILL_IMAGE_MISSING',
    });
  });

  test('remove is idempotent', async () => {
    const container = await run.start('removed');
    await container.remove();
    await container.remove();
    expect(await findContainers(run.engine, { [labels.run]: run.id, name: 'none' })).toEqual([]);
    await expect(container.inspect()).rejects.toMatchObject({ code: 'PGDRILL_ENGINE_REFUSED' });
  });

  test('a volume of another run is not handed out', async () => {
    const name = await createVolume(run.engine, run.id, `${run.id}-taken`);
    await expect(createVolume(run.engine, `${run.id}-b`, name)).rejects.toMatchObject({ code: 'PGDRILL_VOLUME' });
  });
});

const listener = `
  my $server = IO::Socket::INET->new(LocalPort => 7000, Listen => 5, ReuseAddr => 1) or die;
  while (my $client = $server->accept) { print $client "hello from " . \`hostname\`; close $client }`;

/** What a port of this machine says first; tried again until somebody listens behind it. */
async function greeting(port: number): Promise<string> {
  for (;;) {
    const text = await new Promise<string>((resolve) => {
      let said = '';
      connect(port, '127.0.0.1')
        .on('data', (chunk) => (said += String(chunk)))
        .on('error', () => resolve(''))
        .on('end', () => resolve(said));
    });
    if (text !== '') return text;
  }
}
