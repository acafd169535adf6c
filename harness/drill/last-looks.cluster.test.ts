import type { KeyState, KeyWatchListener } from '../cluster/key-watch';
import { bootForTests, type TestCluster } from '../cluster/test-cluster';
import type { Cluster } from '../cluster/cluster';
import type { PatroniNode } from '../cluster/patroni-node';
import { scramVerifier } from '../cluster/scram-verifier';
import { searchSecrets } from '../observe/collectors/secrets';
import { switchover } from '../operations/switchover';
import { rolesEvidenceSchema, type RolesEvidence } from '../record/roles';
import { deadlineMs } from '../run/deadlines';
import { pause, until } from '../run/until';
import { RoleWatcher } from '../observe/roles/role-watcher';

describe('last looks at a cluster', () => {
  let booted: TestCluster;
  let cluster: Cluster;
  let watcher: RoleWatcher;
  let first: string;

  /** Holders of the key in their order, `-` where it was not there. */
  const holders = ({ leaderKey }: RolesEvidence = watcher.record()) => leaderKey.map(({ member }) => member ?? '-');
  const restOf = (member: string) =>
    watcher
      .record()
      .rest.filter((change) => change.member === member)
      .map(({ role }) => role);
  const etcd = () => [...cluster.etcd.members.values()];
  /**
   * Freezes a leader while its Patroni sleeps. Patroni 3.0 that is frozen between reading the cluster and renewing its
   * key (patroni/dcs/etcd3.py, `_update_leader`) takes the key back from the new leader when it wakes.
   */
  const pauseBetweenLoops = async ({ container }: PatroniNode) => {
    let looped = false;
    const stop = await container.followLogs((line) => void (looped ||= line.includes('the leader with the lock')));
    try {
      await until('leader elected', booted.run, () => looped, { everyMs: 10 });
      await container.pause();
    } finally {
      stop();
    }
  };

  beforeAll(async () => {
    booted = await bootForTests();
    cluster = booted.cluster;
    first = (await cluster.leader()).name;
    watcher = RoleWatcher.start(booted.run, cluster);
  });
  afterAll(() => booted?.end());

  test('roles, begin › the holder of the key, and what Patroni says on every member', async () => {
    await until('leader elected', booted.run, () => holders().length === 1 && watcher.record().rest.length >= 3);
    expect(holders()).toEqual([first]);
    for (const { name } of cluster.nodes) expect(restOf(name)).toEqual([name === first ? 'primary' : 'replica']);
  });

  test('secrets › none in a log, a configuration, a command line or the report of a cluster at work', async () => {
    const leader = await cluster.leader();
    const password = booted.run.secrets.make('new password');
    await leader.query(`CREATE ROLE newcomer LOGIN PASSWORD '${scramVerifier(password)}'`);
    // The server logs a statement that fails, whole.
    await expect(leader.query(`CREATE ROLE newcomer PASSWORD '${scramVerifier(password)}'`)).rejects.toThrow(/exists/);
    await until('etcd healthy', booted.run, async () => /CREATE ROLE newcomer/.test(await leader.container.logs()));
    const seen = await searchSecrets(booted.run, booted.engine);
    expect(seen.found).toEqual([]);
    expect(seen.unsearched).toBeUndefined();
    expect(seen.secrets).toBe(7);
    expect(seen.searched).toEqual(
      expect.arrayContaining([
        ...['log', 'configuration', 'processes'].flatMap((kind) =>
          [...cluster.nodes.map(({ name }) => name), ...cluster.etcd.members.keys(), 'barman'].map(
            (of) => `${kind} of ${of}`,
          ),
        ),
        ...cluster.nodes.map(({ name }) => `${name}: /var/log/postgresql/postgresql.log`),
        'barman: /var/log/barman/barman.log',
        'report: events.jsonl',
      ]),
    );
  });

  test('secrets › one that gets into a log is named with its places, as it is and encoded; never its value', async () => {
    const leader = await cluster.leader();
    const { superuser, rewind } = cluster.description.secrets;
    const header = Buffer.from(`rewind:${rewind}`).toString('base64');
    await leader.query(`DO $do$ BEGIN RAISE LOG 'connecting as postgres with %', '${superuser}'; END $do$`);
    await leader.query(`DO $do$ BEGIN RAISE LOG 'Authorization: Basic %', '${header}'; END $do$`);
    await until('etcd healthy', booted.run, async () => (await leader.container.logs()).includes(header));
    const { found } = await searchSecrets(booted.run, booted.engine);
    const file = `${leader.name}: /var/log/postgresql/postgresql.log`;
    const lineOf = (secret: string, where: string) =>
      found.find((one) => one.secret === secret && one.where === where)?.line ?? 0;
    expect(found.map(({ secret, where }) => `${where}: ${secret}`)).toEqual([
      `${file}: rewind password`,
      `${file}: superuser password`,
      `log of ${leader.name}: rewind password`,
      `log of ${leader.name}: superuser password`,
    ]);
    const lines = (await leader.serverLog()).split('\n');
    expect(lines[lineOf('superuser password', file) - 1]).toContain(superuser);
    expect(lines[lineOf('rewind password', file) - 1]).toContain(header);
    for (const secret of [superuser, rewind, header]) expect(JSON.stringify(found)).not.toContain(secret);
  });

  test('secrets › of a container that is frozen or stopped, what can still be read is searched', async () => {
    const leader = await cluster.leader();
    const [one, other] = cluster.others(leader.name);
    await one!.container.pause();
    await other!.container.stop(5);
    try {
      const { searched, unsearched } = await searchSecrets(booted.run, booted.engine);
      for (const { name } of [one!, other!]) {
        expect(searched).toEqual(
          expect.arrayContaining([
            `log of ${name}`,
            `configuration of ${name}`,
            `${name}: /var/log/postgresql/postgresql.log`,
          ]),
        );
        expect(searched).not.toContain(`processes of ${name}`);
      }
      expect(unsearched).toBeUndefined();
    } finally {
      await one!.container.unpause();
      await other!.container.start();
    }
    await cluster.awaitStreaming();
  });

  test('roles, switchover › each change once, in its order', async () => {
    const { to } = await switchover(booted.run, cluster);
    await cluster.awaitStreaming();
    await until(
      'leader elected',
      booted.run,
      () => restOf(to).at(-1) === 'primary' && restOf(first).at(-1) === 'replica',
    );
    expect(holders()).toEqual([first, '-', to]);
  });

  test('roles, one etcd member frozen › the watch goes on through another one, and nothing has changed', async () => {
    const before = holders();
    for (const container of etcd()) {
      const gaps = watcher.record().gaps.length;
      await container.pause();
      try {
        // Longer than a read may take: through whichever member it watches, it has noticed and gone on.
        await pause(1.5 * deadlineMs('etcd key read'), booted.run.signal);
        expect(watcher.record().gaps.filter(({ to }) => to === undefined)).toEqual([]);
      } finally {
        await container.unpause();
      }
      expect(watcher.record().gaps.length - gaps).toBeLessThanOrEqual(1);
    }
    expect(watcher.record().gaps.length).toBeGreaterThan(0);
    expect(holders()).toEqual(before);
  });

  test('a watch through another member › goes on at the revision of the last, and tells what was missed', async () => {
    const told: string[] = [];
    let last: KeyState | undefined;
    const listener: KeyWatchListener = {
      begun: (state) => void told.push(`begun ${state.value ?? '-'}`),
      resumed: () => void told.push('resumed'),
      changed: (state, missed) => {
        last = state;
        told.push(`${missed ? 'missed' : 'told'} ${state.value ?? '-'}`);
      },
      alive: () => undefined,
    };
    const stopping = new AbortController();
    const context = { deadlineScale: 1, signal: stopping.signal };
    const first = cluster.etcd.watch('ours', 'etcd1', listener, undefined, context);
    await until('etcd healthy', booted.run, () => told.length === 1);
    await cluster.etcd.put('ours', '1');
    await until('etcd healthy', booted.run, () => told.length === 2);
    const container = cluster.etcd.members.get('etcd1')!;
    await container.pause();
    try {
      await cluster.etcd.put('ours', '2');
      await cluster.etcd.delete(['ours']);
      await cluster.etcd.put('ours', '3');
      expect(await first).toEqual({ why: 'etcd1: no answer, or no quorum', lost: false });
      expect(told).toEqual(['begun -', 'told 1']);
      const second = cluster.etcd.watch('ours', 'etcd2', listener, last, context);
      await until('etcd healthy', booted.run, () => last?.value === '3');
      await cluster.etcd.delete(['ours']);
      await until('etcd healthy', booted.run, () => last?.value === undefined);
      stopping.abort();
      await second.catch(() => undefined);
    } finally {
      await container.unpause();
    }
    expect(told.slice(2)).toEqual(['resumed', 'missed 2', 'missed -', 'missed 3', 'told -']);
    // A store that knows less than was seen of it is another one.
    const ahead = { value: '3', revision: '9000000' };
    expect(await cluster.etcd.watch('ours', 'etcd2', listener, ahead)).toEqual({
      why: expect.stringContaining('begun anew') as string,
      lost: true,
    });
  });

  test('roles, etcd gone › a gap with its reason, and the changes after it have the time they may have happened in', async () => {
    const known = holders().length;
    // One that the frozen member has left may still be open, and would be the same as the one to come.
    await until('etcd healthy', booted.run, () => watcher.record().gaps.every(({ to }) => to !== undefined));
    const gapsBefore = watcher.record().gaps.length;
    await Promise.all(etcd().map((container) => container.stop(1)));
    const gap = await until('etcd healthy', booted.run, () => watcher.record().gaps[gapsBefore]);
    expect(gap.to).toBeUndefined();
    expect(gap.why).toMatch(/^etcd\d: .+/);
    await Promise.all(etcd().map((container) => container.start()));
    const closed = await until('etcd healthy', booted.run, () => {
      const last = watcher.record().gaps.at(-1);
      return last?.to === undefined ? undefined : last;
    });
    expect(closed.from).toBe(gap.from);
    expect(closed.to! > closed.from).toBe(true);
    const leader = await cluster.awaitStreaming();
    await until('leader elected', booted.run, () => holders().at(-1) === leader.name);
    for (const change of watcher.record().leaderKey.slice(known)) {
      if (change.notBefore !== undefined) expect(change.notBefore).toBe(closed.from);
    }
  });

  // Last, for a thawed leader may need to be copied anew, which is Patroni's affair and not the watcher's.
  test('roles, freeze of the leader, thaw › each change once, in its order', async () => {
    const { name: frozen, container } = await cluster.leader();
    const known = holders().length;
    await pauseBetweenLoops(cluster.member(frozen));
    let next = '';
    try {
      next = await until('members rejoined', booted.run, () => {
        const last = holders().at(-1);
        return last !== frozen && last !== '-' && last !== undefined ? last : undefined;
      });
      await until('leader elected', booted.run, () => restOf(next).at(-1) === 'primary');
      expect(restOf(frozen).at(-1)).toBe('none');
      expect(holders().slice(known)).toEqual(['-', next]);
    } finally {
      await container.unpause();
    }
    // What it becomes is Patroni's affair: a replica, or by the key that it writes once more a leader that nobody follows.
    await until('leader elected', booted.run, () => restOf(frozen).at(-1) !== 'none');
    // Thawed in the middle of a loop, Patroni 3.0 may put its name into the key once more: told, and once.
    const told = holders().slice(known);
    expect(told.filter((holder, index) => holder === told[index - 1])).toEqual([]);

    const { leaderKey, rest } = watcher.record();
    const at = (member: string, role: string) => rest.findLast((one) => one.member === member && one.role === role)!.at;
    const [gone, taken] = leaderKey.slice(known, known + 2);
    expect(at(frozen, 'none') < gone!.at).toBe(true);
    expect(taken!.at <= at(next, 'primary')).toBe(true);
    expect(at(next, 'primary') < rest.findLast((one) => one.member === frozen)!.at).toBe(true);
  });

  test('roles, end › one record, as it is kept, in the order of the store', async () => {
    const record = await watcher.stop();
    expect(await watcher.stop()).toBe(record);
    expect(rolesEvidenceSchema.parse(record)).toEqual(record);
    const revisions = record.leaderKey.map(({ revision }) => BigInt(revision ?? 0));
    expect(revisions).toEqual([...revisions].sort((a, b) => (a < b ? -1 : 1)));
    expect(record.to > record.from).toBe(true);
  });
});
