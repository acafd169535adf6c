import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Client } from 'pg';
import { startProcess } from '../engine/scratch-process';
import { findContainers, type Container } from '../engine/container';
import { labels } from '../run/ids';
import { until } from '../run/until';
import type { Cluster } from './cluster';
import { descriptionPath } from './description';
import { bootForTests, type TestCluster } from './test-cluster';

const address = /\b\d{1,3}(\.\d{1,3}){3}\b/;

describe('a booted cluster', () => {
  let booted: TestCluster;
  let cluster: Cluster;
  const containers = (): Container[] => [
    ...cluster.nodes.map((node) => node.container),
    ...cluster.etcd.members.values(),
    cluster.barman.container,
  ];

  beforeAll(async () => {
    booted = await bootForTests();
    cluster = booted.cluster;
  });
  afterAll(() => booted?.end());

  test('leader › etcd, Patroni and PostgreSQL name the same one, and the others stream from it', async () => {
    const leader = await cluster.leader();
    expect((await cluster.etcd.keys()).leader).toBe(leader.name);
    const recovering = await Promise.all(cluster.nodes.map((node) => node.inRecovery()));
    const primary = await Promise.all(cluster.nodes.map((node) => node.restStatus('/primary')));
    expect(recovering).toEqual(cluster.nodes.map((node) => node !== leader));
    expect(primary).toEqual(cluster.nodes.map((node) => (node === leader ? 200 : 503)));
    const streaming = await leader.query<{ name: string; state: string }>(
      "SELECT application_name AS name, state FROM pg_stat_replication WHERE application_name LIKE 'db%' ORDER BY 1",
    );
    const others = cluster.others(leader.name).map((node) => node.name);
    expect(streaming).toEqual(others.map((name) => ({ name, state: 'streaming' })));
    expect(
      (await leader.patroni())?.replication
        .map((row) => row.applicationName)
        .filter((name) => /^db/.test(name))
        .sort(),
    ).toEqual(others);
    expect((await cluster.awaitStreaming()).name).toBe(leader.name);
  });

  test('etcd › holds Patroni’s keys, and takes and gives up one of ours', async () => {
    const leader = await cluster.leader();
    const system = await leader.value('SELECT system_identifier FROM pg_control_system()');
    const keys = await cluster.etcd.keys();
    expect(Object.keys(keys)).toEqual(
      expect.arrayContaining(['config', 'initialize', 'leader', 'members/db1', 'members/db2', 'members/db3']),
    );
    expect(keys.initialize).toBe(system);
    expect(JSON.parse(keys.config ?? '')).toMatchObject({
      ttl: 20,
      loop_wait: 1,
      slots: { barman: { type: 'physical' } },
    });
    for (const node of cluster.nodes) expect((await node.patroni())?.systemIdentifier).toBe(system);
    await cluster.etcd.put('ours', 'a value');
    expect((await cluster.etcd.keys()).ours).toBe('a value');
    await cluster.etcd.delete(['ours', 'never there']);
    expect(await cluster.etcd.keys()).not.toHaveProperty('ours');
  });

  test('etcd › started again by another process, it is found at its new ports', async () => {
    const { engine, run } = booted;
    const { etcd } = cluster;
    const before = await etcd.keys();
    const others = await findContainers(engine, { [labels.run]: run.id, [labels.role]: 'etcd' });
    expect(others.map(({ id }) => id).sort()).toEqual([...etcd.members.values()].map(({ id }) => id).sort());
    const ports = () => Promise.all(others.map((container) => container.hostPort(2379)));
    const old = await ports();
    await Promise.all(others.map((container) => container.stop()));
    await Promise.all(others.map((container) => container.start()));
    expect(await ports()).not.toEqual(old);
    const after = await until('etcd healthy', run, () => etcd.keys());
    expect(after.initialize).toBe(before.initialize);
    await cluster.awaitStreaming();
  });

  test('names › no address in etcd, in Patroni’s keys, in a standby’s or in Barman’s connection', async () => {
    const leader = await cluster.leader();
    const keys = await cluster.etcd.keys();
    for (const node of cluster.nodes) {
      const member = keys[`members/${node.name}`] ?? '';
      expect(member).toContain(`//${node.name}:5432/`);
      expect(member).toContain(`//${node.name}:8008/`);
      expect(member.replace(/"version":"[^"]*"/, '')).not.toMatch(address);
    }
    for (const node of cluster.others(leader.name)) {
      const conninfo = await node.value("SELECT setting FROM pg_settings WHERE name = 'primary_conninfo'");
      expect(conninfo).toContain(`host=${leader.name} `);
      expect(conninfo).not.toMatch(address);
    }
    const [etcd] = cluster.etcd.members.values();
    const members = (await etcd!.exec(['etcdctl', 'member', 'list'], { check: true })).stdout;
    expect(members.match(/http:\/\/etcd[123]:2380/g)).toHaveLength(3);
    expect(members).not.toMatch(address);
    const { stdout } = await cluster.barman.exec(['cat', `/etc/barman.d/${cluster.barman.server}.conf`]);
    expect(stdout.match(/^conninfo = .*$/m)?.[0]).toContain('host=db1,db2,db3 ');
    expect(stdout).not.toMatch(address);
  });

  test('every member › has checksums, commit timestamps, an archive and room for Barman’s slot', async () => {
    for (const node of cluster.nodes) {
      const rows = await node.query<{ name: string; setting: string }>(
        "SELECT name, setting FROM pg_settings WHERE name IN ('data_checksums', 'track_commit_timestamp', 'wal_log_hints', 'archive_mode', 'wal_level', 'TimeZone') ORDER BY name COLLATE \"C\"",
      );
      expect(Object.fromEntries(rows.map(({ name, setting }) => [name, setting]))).toEqual({
        TimeZone: 'UTC',
        archive_mode: 'on',
        data_checksums: 'on',
        track_commit_timestamp: 'on',
        wal_level: 'replica',
        wal_log_hints: 'on',
      });
      expect(node.dataDir).toBe(await node.value("SELECT setting FROM pg_settings WHERE name = 'data_directory'"));
      expect(await node.segmentSize()).toBe(16 * 1024 * 1024);
    }
  });

  test('ports › are published on loopback only, and every container is on the private network alone', async () => {
    for (const container of containers()) {
      const { NetworkSettings, HostConfig } = await container.inspect();
      const bound = Object.values(NetworkSettings.Ports).flatMap((bindings) => bindings ?? []);
      expect(bound.filter(({ HostIp }) => HostIp !== '127.0.0.1')).toEqual([]);
      expect(Object.keys(NetworkSettings.Networks)).toEqual([cluster.description.network]);
      expect(HostConfig.Privileged).toBe(false);
    }
  });

  test('secrets › made for this run, asked for from outside, and in no environment, label, command, log or event', async () => {
    const secrets = cluster.description.secrets;
    expect(new Set(Object.values(secrets)).size).toBe(4);
    const [node] = cluster.nodes;
    // The very texts are looked for, so first: they are the ones in use.
    const config = await node!.container.readFile('/etc/patroni/patroni.yml');
    for (const secret of [secrets.superuser, secrets.replicator, secrets.rewind]) expect(config).toContain(secret);
    const outside = (password: string) =>
      new Client({ host: '127.0.0.1', port, user: 'postgres', password, database: 'postgres' });
    const port = await node!.container.hostPort(5432);
    await expect(outside('postgres').connect()).rejects.toMatchObject({ code: '28P01' });
    const right = outside(secrets.superuser);
    await right.connect();
    await right.end();

    booted.run.note(`the passwords are ${Object.values(secrets).join(' and ')}`);
    const events = readFileSync(path.join(booted.run.dir, 'events.jsonl'), 'utf8');
    expect(events).toContain('<superuser password>');
    const texts = containers().map(async (container) => {
      const commands = await container.exec(['sh', '-c', 'cat /proc/[0-9]*/cmdline 2> /dev/null']);
      return JSON.stringify(await container.inspect()) + (await container.logs()) + commands.stdout;
    });
    for (const text of [events, ...(await Promise.all(texts))]) {
      expect(text.length).toBeGreaterThan(100);
      for (const secret of Object.values(secrets)) expect(text).not.toContain(secret);
      expect(text).not.toContain('PRIVATE KEY');
    }
  });

  test('secret files › belong to who reads them, and nobody else may', async () => {
    const modes = async (container: Container, ...files: string[]) =>
      (await container.exec(['stat', '-c', '%U %a', ...files], { check: true })).stdout.trim().split('\n');
    expect(await modes(cluster.barman.container, descriptionPath, '/etc/pgdrill/pgpass')).toEqual([
      'root 600',
      'barman 600',
    ]);
    const [node] = cluster.nodes;
    expect(await modes(node!.container, '/etc/patroni/patroni.yml', '/etc/pgdrill/ssh/id', node!.dataDir)).toEqual([
      'postgres 600',
      'postgres 600',
      'postgres 700',
    ]);
  });

  test('attach › another process finds the cluster by its labels, and works with it', async () => {
    const other = attachIn(booted, booted.run.id);
    await other.closed;
    const leader = await cluster.leader();
    expect(JSON.parse(other.output())).toEqual({
      leader: leader.name,
      system: await leader.value('SELECT system_identifier FROM pg_control_system()'),
      keys: (await cluster.etcd.keys()).leader,
      backups: { [cluster.barman.server]: [] },
      redacted: '<superuser password>',
    });
  });

  test('attach › of a run that has no cluster is refused with a cure', async () => {
    const other = attachIn(booted, 'no-such-run');
    await other.closed;
    expect(other.output()).toContain('PGDRILL_CLUSTER_NOT_FOUND');
  });

  test('commands of a person › patronictl and barman work as they are written', async () => {
    const leader = await cluster.leader();
    const [replica] = cluster.others(leader.name);
    const { stdout } = await replica!.exec(['patronictl', '-c', '/etc/patroni/patroni.yml', 'list', '-f', 'json']);
    const rows = JSON.parse(stdout) as { Member: string; Role: string; State: string }[];
    expect(rows.map(({ Member, Role }) => `${Member} ${Role}`)).toEqual(
      cluster.nodes.map((node) => `${node.name} ${node === leader ? 'Leader' : 'Replica'}`),
    );
    const listed = await cluster.barman.barman(['-f', 'json', 'list-backups', cluster.barman.server]);
    expect(JSON.parse(listed.stdout)).toEqual({ [cluster.barman.server]: [] });
    expect(await cluster.barman.json(['list-backups', cluster.barman.server])).toEqual(JSON.parse(listed.stdout));
    await expect(cluster.barman.json(['no-such-command'])).rejects.toMatchObject({ code: 'PGDRILL_BARMAN_OUTPUT' });
  });

  test('supervisorctl stop patroni › PostgreSQL stops, the container stays; its file away keeps it out', async () => {
    const leader = await cluster.leader();
    const node = cluster.others(leader.name)[0]!;
    expect(await node.hasPostmaster()).toBe(true);
    await node.stopPatroni();
    expect(await node.hasPostmaster()).toBe(false);
    expect(await node.container.isRunning()).toBe(true);
    expect(await node.patroni()).toBeUndefined();
    expect(await node.inRecovery()).toBeUndefined();
    expect((await node.exec(['supervisorctl', 'status', 'patroni'], { check: false })).stdout).toMatch(/STOPPED/);
    // It stays in Patroni's list (so its absence there is no condition to wait for).
    const listed = await leader.exec(['patronictl', '-c', '/etc/patroni/patroni.yml', 'list', '-f', 'json']);
    const row = (JSON.parse(listed.stdout) as { Member: string; State: string }[]).find(
      ({ Member }) => Member === node.name,
    );
    expect(row?.State).toBe('stopped');

    await node.exec(['mv', '/etc/patroni/patroni.yml', '/etc/patroni/patroni.yml.disabled']);
    await node.startPatroni();
    await until('containers started', booted.run, async () =>
      /RUNNING/.test((await node.exec(['supervisorctl', 'status', 'patroni'], { check: false })).stdout),
    );
    expect(await node.hasPostmaster()).toBe(false);
    // One that has ended, and that nobody has asked how, is none; while it sleeps, it would be one.
    const named = (seconds: number) =>
      node.exec([
        'sh',
        '-c',
        `cp /bin/sleep /tmp/postgres; (/tmp/postgres ${seconds} & exec sleep 20) > /dev/null 2>&1 &`,
      ]);
    await named(0);
    await until('postmaster stopped', booted.run, async () => {
      const { stdout } = await node.exec(['sh', '-c', 'grep -hA1 postgres /proc/[0-9]*/status'], { check: false });
      return /State:\s+Z/.test(stdout);
    });
    expect(await node.hasPostmaster()).toBe(false);
    await named(20);
    expect(await node.hasPostmaster()).toBe(true);
    await node.exec(['pkill', '-x', 'postgres|sleep'], { check: false });
    await node.exec(['mv', '/etc/patroni/patroni.yml.disabled', '/etc/patroni/patroni.yml']);
    expect((await cluster.awaitStreaming('members rejoined')).name).toBe(leader.name);
    expect(await node.hasPostmaster()).toBe(true);
    expect(await node.history(1)).toBe('');
    expect(await node.serverLog()).toContain('database system is shut down');
  });

  test('stopPatroni › a Patroni that does not end after its PostgreSQL has stopped is killed', async () => {
    const leader = await cluster.awaitStreaming('members rejoined');
    const node = cluster.others(leader.name)[0]!;
    // Stopped by a signal it does not take TERM, like one that waits for its logging thread for ever.
    await node.exec(['pkill', '-STOP', '-f', 'python3 /usr/bin/patroni /etc/patroni']);
    await node.exec(['su', 'postgres', '-c', `${node.binDir}/pg_ctl -D ${node.dataDir} -s -w -m fast stop`]);
    await node.stopPatroni();
    // Not by the supervisor, whose patience is longer (stopwaitsecs in docker/node/supervisord.conf).
    expect(await node.container.logs()).not.toContain("killing 'patroni'");
    expect((await node.exec(['supervisorctl', 'status', 'patroni'], { check: false })).stdout).toMatch(/STOPPED/);
    await node.startPatroni();
    expect((await cluster.awaitStreaming('members rejoined')).name).toBe(leader.name);
  });

  test('member › one that is not there is refused with those that are', () => {
    expect(cluster.member('db2').name).toBe('db2');
    expect(() => cluster.member('db9')).toThrow(
      expect.objectContaining({
        code: 'PGDRILL_UNKNOWN_MEMBER',
        cure: expect.stringContaining('db1, db2, db3') as string,
      }),
    );
  });
});

/** A process of its own that attaches to a run's cluster and says what it sees, as JSON. */
function attachIn(booted: TestCluster, runId: string) {
  return startProcess(
    `
    const { connectEngine } = engine('connect');
    const { attachCluster } = engine('../cluster/attach');
    const { Run } = engine('../run/run');
    try {
      const run = new Run({ id: 'attaching', sessionDir: process.env.SESSION, seed: 1 });
      const cluster = await attachCluster(await connectEngine(), run, process.env.RUN);
      const leader = await cluster.leader();
      console.log(JSON.stringify({
        leader: leader.name,
        system: await leader.value('SELECT system_identifier FROM pg_control_system()'),
        keys: (await cluster.etcd.keys()).leader,
        backups: await cluster.barman.json(['list-backups', cluster.barman.server]),
        redacted: run.secrets.redact(cluster.description.secrets.superuser),
      }));
    } catch (error) { console.log(error.code, error.message); }`,
    { RUN: runId, SESSION: `${booted.run.dir}/attached` },
  );
}
