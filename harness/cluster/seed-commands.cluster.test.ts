import { execFile } from 'node:child_process';
import { newId } from '../run/ids';
import { until } from '../run/until';
import { bootCluster } from './boot';
import { bootForTests, type TestCluster } from './test-cluster';

/**
 * What runbooks for such clusters say, typed as it stands but for the names of docs/clusters.md. The containers' names have
 * a prefix all the same, which is put before each of them here: plain names may be somebody's on this machine.
 */
describe('commands of runbooks', () => {
  const prefix = `seeds-${newId().slice(-6)}-`;
  let booted: TestCluster;
  let leader: string;
  let replica: string;

  const type = async (line: string): Promise<{ code: number; said: string }> => {
    const named = line
      .replaceAll('LEADER', leader)
      .replaceAll('REPLICA', replica)
      .replaceAll(/(docker (?:exec|logs) )(db\d|etcd\d|barman)/g, `$1${prefix}$2`);
    return new Promise((resolve) => {
      execFile('bash', ['-c', named], (error, stdout, stderr) =>
        resolve({ code: error ? Number(error.code ?? 1) : 0, said: stdout + stderr }),
      );
    });
  };
  const roles = async () => {
    const now = await booted.cluster.leader();
    leader = now.name;
    replica = booted.cluster.others(now.name)[0]!.name;
  };

  beforeAll(async () => {
    booted = await bootForTests(2, prefix);
    await roles();
  });
  afterAll(() => booted?.end());

  test('names › a second cluster under the same ones is refused, and makes nothing', async () => {
    const { engine, run, cluster } = booted;
    const names = { node: 'none', etcd: 'none', barman: 'none' };
    const second = bootCluster(engine, run, {
      stack: { name: 'bookworm', postgresMajor: 15 },
      images: names,
      nodes: 1,
      name: 'second',
      namePrefix: prefix,
    });
    await expect(second).rejects.toMatchObject({
      code: 'PGDRILL_NAMES_TAKEN',
      message: expect.stringContaining(`${prefix}db1 is held by the cluster of run ${run.id}`) as string,
    });
    expect((await cluster.leader()).name).toBe(leader);
  });

  test.each([
    [
      'docker exec db1 patronictl -c /etc/patroni/patroni.yml list',
      /Cluster: patroni1.*\n[^]*db1[^]*Leader|Leader[^]*db2/,
    ],
    ['docker exec barman barman list-backup patroni1', /^$/],
    ['docker exec barman barman check patroni1', /PostgreSQL: OK/],
    ['docker exec barman tail -50 /var/log/barman/barman.log', /barman/],
    ['docker exec barman df -h /var/lib/barman', /Filesystem/],
    ['docker exec REPLICA psql -U postgres -p 5432 -h localhost -c "SELECT pg_is_in_recovery();"', /^ t$/m],
    ['docker exec LEADER psql -U postgres -c "SELECT application_name, state FROM pg_stat_replication;"', /streaming/],
    ['docker exec LEADER psql -U postgres -c "SELECT timeline_id FROM pg_control_checkpoint();"', /^ +1$/m],
    ['docker exec REPLICA ls -lh /var/lib/postgresql/15/REPLICA/pg_wal/ | tail -10', /archive_status/],
    ['docker exec REPLICA ps aux | grep -E "(patroni|postgres)" | grep -v grep', /\/etc\/patroni\/patroni\.yml/],
    ["timeout 5 docker exec REPLICA sh -c 'tail -f /var/log/postgresql/*.log'", /database system is ready/],
    ['docker logs REPLICA', /no action\. I am/],
    ['docker exec REPLICA supervisorctl status patroni', /RUNNING/],
    ['docker exec etcd1 etcdctl get --prefix --keys-only /service/patroni1/', /\/service\/patroni1\/leader/],
    ['docker exec etcd1 etcdctl del --prefix /service/patroni/', /^0$/m],
  ])('%s', async (line, words) => {
    expect((await type(line)).said).toMatch(words);
  });

  test('a replica taken out by hand, started alone, and given back', async () => {
    const { cluster, run } = booted;
    const node = cluster.member(replica);
    const stopped = async () => !(await node.hasPostmaster());
    expect((await type('docker exec REPLICA pkill -f "patroni /etc/patroni/patroni.yml"')).code).toBe(0);
    expect((await type('docker exec REPLICA mv /etc/patroni/patroni.yml /etc/patroni/patroni.yml.disabled')).code).toBe(
      0,
    );
    await until('postmaster stopped', run, stopped);
    const data = '/var/lib/postgresql/15/REPLICA';
    expect((await type(`docker exec REPLICA mv ${data} ${data}.backup`)).code).toBe(0);
    expect((await type(`docker exec REPLICA mv ${data}.backup ${data}`)).code).toBe(0);
    expect((await type(`docker exec REPLICA chown -R postgres:postgres ${data}`)).code).toBe(0);
    const started = await type(`docker exec REPLICA su - postgres -c "pg_ctl -D ${data} start"`);
    expect(started.said).toMatch(/server started/);
    expect((await type(`docker exec REPLICA su - postgres -c "pg_ctl -D ${data} stop"`)).said).toMatch(
      /server stopped/,
    );
    // Nothing has started Patroni meanwhile.
    expect(await stopped()).toBe(true);
    expect((await type('docker exec REPLICA mv /etc/patroni/patroni.yml.disabled /etc/patroni/patroni.yml')).code).toBe(
      0,
    );
    expect((await type('docker exec REPLICA pkill -HUP supervisord')).code).toBe(0);
    expect((await cluster.awaitStreaming('members rejoined')).name).toBe(leader);
  });

  test('switchover and failover', async () => {
    const { cluster } = booted;
    const itself = await type(
      'docker exec LEADER patronictl -c /etc/patroni/patroni.yml switchover --master LEADER --candidate LEADER --force',
    );
    expect(itself.code).not.toBe(0);
    const before = replica;
    const switched = await type(
      'docker exec LEADER patronictl -c /etc/patroni/patroni.yml switchover patroni1 --candidate REPLICA --force',
    );
    expect(switched.said).toMatch(/Successfully switched over/);
    expect((await cluster.awaitStreaming('members rejoined')).name).toBe(before);
    await roles();
    const next = replica;
    const failed = await type(
      'docker exec LEADER patronictl -c /etc/patroni/patroni.yml failover patroni1 --candidate REPLICA --force',
    );
    expect(failed.said).toMatch(/Successfully failed over/);
    expect((await cluster.awaitStreaming('members rejoined')).name).toBe(next);
    await roles();
    expect((await type('docker exec REPLICA supervisorctl stop patroni')).said).toMatch(/stopped/);
    expect((await type('docker exec REPLICA supervisorctl start patroni')).said).toMatch(/started/);
    await cluster.awaitStreaming('members rejoined');
  });
});
