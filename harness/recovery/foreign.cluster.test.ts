import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { makeBackup } from '../backup/base-backup';
import type { Cluster } from '../cluster/cluster';
import { attachForeign } from '../cluster/foreign/attach-foreign';
import { startSomebodysCluster, type SomebodysCluster } from '../cluster/foreign/somebodys-cluster';
import { imagesForTests } from '../cluster/test-cluster';
import { connectEngine, type Engine } from '../engine/connect';
import { findContainer } from '../engine/container';
import { newId } from '../run/ids';
import { Run } from '../run/run';
import { until } from '../run/until';
import { carryOut, pitrRequest, planPitr } from './pitr';

/**
 * A cluster that pgdrill has not booted: other names, scope, namespace, ports, data directories and Barman server, nothing
 * published, nothing shared between Barman's container and the members'; named by a description of two lines.
 */
describe('a foreign cluster', () => {
  let engine: Engine;
  let run: Run;
  let folder: string;
  let theirs: SomebodysCluster;
  let cluster: Cluster;
  let description: string;

  const describeAs = (name: string, text: string): string => {
    const file = path.join(folder, name);
    writeFileSync(file, text);
    return file;
  };

  beforeAll(async () => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'pgdrill-test-'));
    run = new Run({ id: newId(), sessionDir: folder, seed: 1, deadlineScale: 3 });
    engine = await connectEngine();
    theirs = await startSomebodysCluster(engine, await imagesForTests(engine, ['node', 'etcd', 'barman']));
    const members = Object.values(theirs.members);
    description = describeAs(
      'orders.yml',
      `members: [${members.join(', ')}]\nbarman: { container: ${theirs.barman} }\n`,
    );
    // Discovery itself does not wait: Patroni has to have made a cluster first.
    cluster = await until('leader elected', run, () => attachForeign(engine, run, description).catch(() => undefined), {
      everyMs: 1000,
    });
    await cluster.awaitStreaming();
  });
  afterAll(async () => {
    await run?.teardown.run(3);
    await theirs?.end();
    rmSync(folder, { recursive: true, force: true });
  });

  test('discovery › all but the containers', () => {
    expect(cluster.description).toMatchObject({
      origin: 'foreign',
      scope: 'orders',
      namespace: '/databases/',
      members: ['pg-a', 'pg-b'],
      barmanServer: 'orders-main',
      postgresMajor: 15,
      barman: {
        container: theirs.barman,
        home: '/var/lib/barman/orders-main',
        user: 'barman',
        host: 'barman',
        mounted: {},
      },
      dcs: { hosts: [{ host: 'kv', port: 2379 }] },
    });
    expect(cluster.member('pg-b').places).toEqual({
      container: theirs.members['pg-b'],
      configFile: '/etc/patroni/patroni.yml',
      dataDir: theirs.dataDir('pg-b'),
      binDir: '/usr/lib/postgresql/15/bin',
      osUser: 'postgres',
      superuser: 'postgres',
      postgres: { host: '127.0.0.1', port: 6432 },
      rest: { host: '127.0.0.1', port: 9008, tls: false },
      start: ['supervisorctl', '-c', '/etc/supervisor/supervisord.conf', 'start', 'patroni'],
      stop: ['supervisorctl', '-c', '/etc/supervisor/supervisord.conf', 'stop', 'patroni'],
    });
    expect([...cluster.etcd.members.values()].map(({ name }) => name)).toEqual([expect.stringMatching(/-kv$/)]);
  });

  test('reach › SQL, REST and etcd without a published port', async () => {
    const leader = await cluster.leader();
    for (const node of cluster.nodes) {
      const bound = Object.values((await node.container.inspect()).NetworkSettings.Ports).filter(Boolean);
      expect(bound).toEqual([]);
      expect(await node.inRecovery()).toBe(node !== leader);
      expect(await node.restStatus('/primary')).toBe(node === leader ? 200 : 503);
    }
    expect((await cluster.etcd.keys()).leader).toBe(leader.name);
    expect(await cluster.etcd.leaderKeys()).toEqual(['/databases/orders/leader']);
  });

  test.each([
    ['a container that is not there', (names: string[]) => [names[0]!, 'pg-nowhere'], /pg-nowhere.*no such container/],
    ['a container without Patroni', (names: string[], barman: string) => [names[0]!, barman], /backup: /],
    ['a member left out', (names: string[]) => [names[0]!], /the member pg-b too/],
  ])('refused › %s', async (_, members, words) => {
    const names = members(Object.values(theirs.members), theirs.barman);
    const file = describeAs('wrong.yml', `members: [${names.join(', ')}]\nbarman: { container: ${theirs.barman} }\n`);
    await expect(attachForeign(engine, run, file)).rejects.toMatchObject({
      code: 'PGDRILL_DISCOVERY_FAILED',
      message: expect.stringMatching(words) as string,
    });
  });

  test('refused › a server that Barman has not, and another scope', async () => {
    const [line] = [`members: [${Object.values(theirs.members).join(', ')}]`];
    const server = describeAs('server.yml', `${line}\nbarman: { container: ${theirs.barman}, server: db1 }\n`);
    await expect(attachForeign(engine, run, server)).rejects.toThrow(/no server "db1"; it has orders-main/);
    const scope = describeAs('scope.yml', `${line}\nscope: patroni1\nbarman: { container: ${theirs.barman} }\n`);
    await expect(attachForeign(engine, run, scope)).rejects.toThrow(/databases\/orders .*says .*patroni1/);
  });

  test('recovery › to before a DELETE, through a pipe, with the others rejoined', async () => {
    const leader = await cluster.leader();
    await leader.query('CREATE TABLE orders AS SELECT n FROM generate_series(1, 1000) AS n');
    await makeBackup(run, cluster);
    await leader.query('INSERT INTO orders SELECT n FROM generate_series(1001, 1500) AS n');
    const lsn = await leader.value('SELECT pg_current_wal_insert_lsn()');
    await leader.query('DELETE FROM orders');
    // As where members do not reach Barman by ssh: all WAL that is needed comes with the backup.
    cluster.description.barman!.host = null;
    const request = pitrRequest({
      backup: 'latest',
      target: { kind: 'lsn', lsn, inclusive: false },
      targetTimeline: await leader.writtenTimeline(),
    });
    const plan = await planPitr(run, cluster, request);
    expect(plan.node).not.toBe(leader.name);
    const context = { run, cluster, episode: 0, checkThere: () => Promise.resolve([]) };
    const result = await carryOut(context, request, plan);
    expect(result.outcome).toBe('done');
    const now = await cluster.awaitStreaming();
    expect(now.name).toBe(plan.node);
    for (const node of cluster.nodes) expect(await node.value('SELECT count(*) FROM orders')).toBe('1500');
    // Another process, with Patroni's own word for everything.
    const again = await attachForeign(engine, run, description);
    expect((await again.leader()).name).toBe(plan.node);
    const backup = await findContainer(engine, theirs.barman);
    const left = await backup!.exec(['sh', '-c', 'ls -d /var/lib/barman/*/pgdrill-restore-* 2> /dev/null']);
    expect(left.stdout).toBe('');
  });
});
