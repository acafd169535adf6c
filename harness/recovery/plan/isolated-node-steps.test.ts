import type { RecoveryTarget } from '../../record/recovery';
import type { PitrFacts, PitrRequest } from './facts';
import { isolatedNodeSteps, remainingSteps } from './isolated-node-steps';
import { targetOption } from '../../backup/recover-target';
import { targetSettings } from './recovery-settings';
import { SAMPLE_ID, sampleBackup, sampleFacts, sampleMember, sampleRequest } from './sample-facts';
import { keptDirectory, staleKeys, type Parts } from './step-parts';
import { plainPlaces } from './typed-places';

const partsOf = (request: Partial<PitrRequest> = {}, facts: Partial<PitrFacts> = {}): Parts => {
  const all = sampleFacts(facts);
  const node = all.members.find(({ name, leader }) => (request.node ? name === request.node : !leader))!;
  return {
    request: sampleRequest(request),
    facts: all,
    backup: sampleBackup(),
    node,
    others: all.members.filter((member) => member !== node),
    newTimeline: 4,
  };
};
const stepsOf = (request: Partial<PitrRequest> = {}, facts: Partial<PitrFacts> = {}) =>
  isolatedNodeSteps(partsOf(request, facts));
const commandsOf = (id: string, request: Partial<PitrRequest> = {}, facts: Partial<PitrFacts> = {}): string[] =>
  stepsOf(request, facts).find((step) => step.id === id)?.commands ?? [];
const recover = (target: RecoveryTarget, request: Partial<PitrRequest> = {}) =>
  commandsOf('restore', { ...request, target }).find((command) => command.includes('barman recover'));

describe('steps of a PITR', () => {
  test('their order › archived, fenced, then the data; the DCS before the leader; the old directory last', () => {
    expect(stepsOf().map((step) => step.id)).toEqual([
      'isolate',
      'archive-tail',
      'fence',
      'restore',
      'replay',
      'check-there',
      'stop-isolated',
      'clear-dcs',
      'lead',
      'rejoin',
      'rearm',
      'fresh-backup',
      'tidy',
    ]);
  });

  test('each › says what it changes and how a person would do it', () => {
    for (const step of stepsOf()) {
      expect(step.title).not.toBe('');
      expect(step.changes).not.toBe('');
      expect(step.commands.length).toBeGreaterThan(0);
    }
  });

  test('archive-tail › the commit is a transaction of its own, so that it comes before the switch', () => {
    const [first] = commandsOf('archive-tail');
    expect(first).toContain('docker exec db1 psql');
    expect(first).toMatch(/-c 'SELECT pg_current_xact_id\(\)' -c 'SELECT pg_switch_wal\(\)'$/);
  });

  test('fence › every member, the leader after all replicas, wherever it stands in the list', () => {
    const members = [sampleMember('db1'), sampleMember('db2', { leader: true }), sampleMember('db3')];
    const stopped = (id: string, node: string) =>
      commandsOf(id, { node }, { members }).flatMap((command) => /exec (\S+) .*stop patroni/.exec(command)?.[1] ?? []);
    // A replica that is recovered on has left before; a leader is stopped along with the others.
    expect([stopped('isolate', 'db1'), stopped('fence', 'db1')]).toEqual([['db1'], ['db3', 'db2']]);
    expect([stopped('isolate', 'db2'), stopped('fence', 'db2')]).toEqual([[], ['db1', 'db3', 'db2']]);
  });

  test('restore › the old directory is moved aside before Barman writes into its path', () => {
    const commands = commandsOf('restore');
    const moved = commands.findIndex((command) =>
      command.endsWith(`mv /var/lib/postgresql/15/db2 ${keptDirectory('/var/lib/postgresql/15/db2', SAMPLE_ID)}`),
    );
    const made = commands.findIndex(
      (command) => command.includes('install -d') && command.endsWith(' /nodes/db2/15/db2'),
    );
    const written = commands.findIndex((command) => command.includes('barman recover'));
    expect([moved, made, written].every((index) => index >= 0)).toBe(true);
    expect(moved).toBeLessThan(made);
    expect(made).toBeLessThan(written);
    expect(
      commands.slice(written).some((command) => command.includes('touch /var/lib/postgresql/15/db2/recovery.signal')),
    ).toBe(true);
  });

  test('clear-dcs › the keys by their full path, initialize and config are left', () => {
    const commands = commandsOf('clear-dcs');
    expect(commands).toHaveLength(staleKeys.length);
    expect(commands).toContain('docker exec etcd1 etcdctl del /service/patroni1/leader');
    expect(commands.join('\n')).not.toMatch(/initialize|config/);
    expect(staleKeys).toEqual(expect.arrayContaining(['leader', 'status', 'history', 'sync', 'failsafe', 'failover']));
    expect(commandsOf('clear-dcs', {}, { namespace: '/eu/' })[0]).toContain('/eu/patroni1/');
  });

  test('rejoin › every member but the recovered one, the old leader last; each emptied, started, awaited', () => {
    const commands = commandsOf('rejoin').filter((command) => command.includes('rm -rf'));
    expect(commands).toEqual([
      'docker exec db3 rm -rf /var/lib/postgresql/15/db3',
      'docker exec db1 rm -rf /var/lib/postgresql/15/db1',
    ]);
    expect(stepsOf({ node: 'db1' }).find((step) => step.id === 'rejoin')?.title).toContain('db2 by copy and db3');
  });

  test('rejoin › one that is rewound keeps its data, and the leader checkpoints first', () => {
    const rejoins = [
      { member: 'db1', rejoin: 'rewind' as const, reason: '' },
      { member: 'db3', rejoin: 'copy' as const, reason: '' },
    ];
    const commands = isolatedNodeSteps({ ...partsOf(), rejoins }).find(({ id }) => id === 'rejoin')!.commands;
    expect(commands[0]).toContain('-c CHECKPOINT');
    expect(commands.filter((command) => command.includes('rm -rf'))).toEqual([
      'docker exec db3 rm -rf /var/lib/postgresql/15/db3',
    ]);
    expect(commands).toContain('docker exec db1 supervisorctl start patroni');
  });

  test('commands › hold no password and no connection string', () => {
    const all = stepsOf()
      .flatMap((step) => step.commands)
      .join('\n');
    expect(all).not.toMatch(/password|PGPASS|postgres(ql)?:\/\/|secret/i);
  });
});

describe('steps by mode and fence', () => {
  const ids = (request: Partial<PitrRequest>) => stepsOf(request).map(({ id }) => id);
  const left = (request: Partial<PitrRequest>) => remainingSteps(partsOf(request)).map(({ id }) => id);
  const cutOver = ['stop-isolated', 'clear-dcs', 'lead', 'rejoin', 'rearm', 'fresh-backup', 'tidy'];

  test('fence at the cut-over › the node alone is isolated first; all others right before it leads', () => {
    expect(ids({ fence: 'cutover' })).toEqual([
      ...['archive-tail', 'isolate', 'restore', 'replay', 'check-there', 'fence'],
      ...cutOver,
    ]);
    expect(left({ fence: 'cutover' })).toEqual([]);
    const stopped = commandsOf('fence', { fence: 'cutover' }).filter((command) => command.includes('stop patroni'));
    expect(stopped.map((command) => command.split(' ')[2])).toEqual(['db3', 'db1']);
  });

  test('all together › where the node leads, nobody leads, or what comes later cannot be fetched', () => {
    const together = ['archive-tail', 'fence', 'restore'];
    const first = (request: Partial<PitrRequest>, facts: Partial<PitrFacts> = {}) =>
      stepsOf(request, facts)
        .slice(0, 3)
        .map(({ id }) => id);
    expect(first({ node: 'db1' })).toEqual(together);
    expect(first({}, { members: [sampleMember('db1'), sampleMember('db2')] })).toEqual(together);
    expect(first({ strategy: 'whole-cluster' })).toEqual(together);
    const { members, binDir } = sampleFacts();
    const places = plainPlaces(members, binDir);
    expect(first({}, { places })).toEqual(['isolate', 'archive-tail', 'fence']);
    expect(first({}, { places: { ...places, barman: { ...places.barman, host: null } } })).toEqual(together);
  });

  test('restore › ends at the look there; what is left is the cut-over', () => {
    expect(ids({ mode: 'restore' })).toEqual(['archive-tail', 'isolate', 'restore', 'replay', 'check-there']);
    expect(left({ mode: 'restore' })).toEqual(['fence', ...cutOver]);
  });

  test('apply › ends with the files in place', () => {
    expect(ids({ mode: 'apply' })).toEqual(['archive-tail', 'isolate', 'restore']);
    expect(left({ mode: 'apply' })).toEqual(['replay', 'check-there', 'fence', ...cutOver]);
  });

  test('files › touches no member; the rest copies them into place', () => {
    expect(ids({ mode: 'files' })).toEqual(['archive-tail', 'make-files']);
    const rest = remainingSteps(partsOf({ mode: 'files' }));
    expect(rest.map(({ id }) => id)).toEqual(['isolate', 'restore', 'replay', 'check-there', 'fence', ...cutOver]);
    expect(rest[1]!.commands).toContain(
      `docker cp barman:/tmp/pitr_recovery_${SAMPLE_ID}/. - | docker cp - db2:/var/lib/postgresql/15/db2/`,
    );
    // Nothing is left that looks half-done: the old data, the journal, the files.
    expect(rest.at(-1)!.commands).toEqual([
      `docker exec db2 rm -rf /var/lib/postgresql/15/db2.before-${SAMPLE_ID}`,
      `docker exec db2 rm -rf /var/lib/postgresql/15/db2.pitr-${SAMPLE_ID}`,
      `docker exec barman rm -rf /tmp/pitr_recovery_${SAMPLE_ID}`,
    ]);
  });

  test('pause › one look between replay and check', () => {
    expect(ids({ pause: true }).slice(4, 7)).toEqual(['replay', 'look', 'check-there']);
    expect(commandsOf('replay', { pause: true }).at(-1)).toContain('grep -qx paused');
    expect(commandsOf('look', { pause: true })).toContainEqual(expect.stringContaining('pg_wal_replay_resume()'));
    expect(recover({ kind: 'immediate' }, { pause: true })).toContain('--target-action pause');
  });

  test('one member alone › nobody rejoins', () => {
    expect(stepsOf({}, { members: [sampleMember('db2')] }).map(({ id }) => id)).not.toContain('rejoin');
  });

  test('no leader › nothing is asked of one', () => {
    const members = [sampleMember('db1'), sampleMember('db2')];
    expect(commandsOf('archive-tail', {}, { members })).toEqual(['docker exec barman barman archive-wal patroni1']);
  });
});

describe('commands as they are typed', () => {
  test("containers are called by the engine's names", () => {
    const facts = sampleFacts();
    const places = plainPlaces(facts.members, facts.binDir);
    for (const [name, member] of Object.entries(places.members)) member.container = `run-${name}`;
    places.barman.container = 'run-barman';
    places.etcd = 'run-etcd1';
    const all = [...stepsOf({}, { places }), ...stepsOf({ mode: 'files' }, { places })].flatMap(
      (step) => step.commands,
    );
    const containers = all.flatMap((command) =>
      [...command.matchAll(/docker exec (?:-i )?(\S+)/g)].map(([, one]) => one),
    );
    expect(new Set(containers)).toEqual(new Set(['run-db1', 'run-db2', 'run-db3', 'run-barman', 'run-etcd1']));
  });

  test('settings › what an earlier recovery left goes, comments too; then this target', () => {
    const commands = commandsOf('restore');
    const sed = commands.findIndex((command) => command.includes('sed -i'));
    expect(commands[sed]).toMatch(/\(#\|\$\|recovery_\(target/);
    expect(commands[sed + 1]).toContain(`"recovery_target_timeline = '3'"`);
    expect(commands[sed + 1]).toContain(
      "docker exec -i db2 sh -c 'cat >> /var/lib/postgresql/15/db2/postgresql.auto.conf'",
    );
  });

  test('tablespaces › aside with the data, restored beside it, moved to their places, and linked', () => {
    const tablespaces = [{ name: 'fast', location: '/srv/fast' }];
    const parts = { ...partsOf({}, { tablespaces }), backup: sampleBackup({ tablespaces }) };
    const of = (id: string) => isolatedNodeSteps(parts).find((step) => step.id === id)!.commands;
    const aside = `/srv/fast.before-${SAMPLE_ID}`;
    const commands = of('restore');
    expect(commands[0]).toBe(`docker exec db2 mv /srv/fast ${aside}`);
    expect(commands.find((command) => command.includes('barman recover'))).toContain(
      ' --tablespace fast:/nodes/db2/15/db2.tablespace-0 patroni1 ',
    );
    const moved = commands.findIndex((command) =>
      command.includes('mv /var/lib/postgresql/15/db2.tablespace-0/* /srv/fast/'),
    );
    const linked = commands.findIndex((command) =>
      command.includes('-lname /nodes/db2/15/db2.tablespace-0 -exec ln -sfn /srv/fast'),
    );
    expect(moved).toBeGreaterThan(0);
    expect(linked).toBeGreaterThan(moved);
    expect(of('rejoin')).toContain('docker exec db3 rm -rf /srv/fast /var/lib/postgresql/15/db3');
    expect(of('tidy')[0]).toContain(`rm -rf ${aside} /var/lib/postgresql/15/db2.before-`);
  });

  test('a data directory that Barman does not mount › through a pipe', () => {
    const facts = sampleFacts();
    const places = plainPlaces(facts.members, facts.binDir);
    places.barman.mounted = {};
    const commands = commandsOf('restore', {}, { places });
    expect(commands.some((command) => command.includes(' | docker cp - db2:'))).toBe(true);
    expect(commands.join('\n')).not.toContain('/nodes/');
  });
});

describe('barman recover as it is printed', () => {
  test('an explicit timeline always, and an end of recovery wherever it would else pause', () => {
    const where = 'patroni1 20261121T063833 /var/lib/postgresql/15/db2';
    expect(recover({ kind: 'time', time: '2026-11-21 06:44:00.123456+00', inclusive: true })).toBe(
      `docker exec barman barman recover --target-tli 3 --target-time '2026-11-21 06:44:00.123456+00' --target-action promote ${where}`,
    );
    expect(recover({ kind: 'lsn', lsn: '0/B000100', inclusive: false })).toBe(
      `docker exec barman barman recover --target-tli 3 --target-lsn 0/B000100 --exclusive --target-action promote ${where}`,
    );
    expect(recover({ kind: 'latest' })).toBe(`docker exec barman barman recover --target-tli 3 ${where}`);
  });

  test('a name › stays one word of the shell', () => {
    expect(recover({ kind: 'name', name: "before o'clock" })).toContain(`--target-name 'before o'\\''clock' `);
    expect(recover({ kind: 'name', name: 'x;reboot' })).toContain(`--target-name 'x;reboot' `);
  });
});

describe('target of a PITR', () => {
  const time = '2026-11-21 06:44:00+00';
  const common = { recovery_target_timeline: '3', recovery_target_action: 'promote' };

  test.each<[RecoveryTarget, string[], Record<string, string>]>([
    [
      { kind: 'time', time, inclusive: true },
      ['--target-time', time],
      { recovery_target_time: time, recovery_target_inclusive: 'on' },
    ],
    [
      { kind: 'time', time, inclusive: false },
      ['--target-time', time, '--exclusive'],
      { recovery_target_time: time, recovery_target_inclusive: 'off' },
    ],
    [
      { kind: 'lsn', lsn: '0/B000100', inclusive: true },
      ['--target-lsn', '0/B000100'],
      { recovery_target_lsn: '0/B000100', recovery_target_inclusive: 'on' },
    ],
    [
      { kind: 'lsn', lsn: '0/B000100', inclusive: false },
      ['--target-lsn', '0/B000100', '--exclusive'],
      { recovery_target_lsn: '0/B000100', recovery_target_inclusive: 'off' },
    ],
    [
      { kind: 'xid', xid: '777', inclusive: true },
      ['--target-xid', '777'],
      { recovery_target_xid: '777', recovery_target_inclusive: 'on' },
    ],
    [
      { kind: 'xid', xid: '777', inclusive: false },
      ['--target-xid', '777', '--exclusive'],
      { recovery_target_xid: '777', recovery_target_inclusive: 'off' },
    ],
    [{ kind: 'name', name: 'rp' }, ['--target-name', 'rp'], { recovery_target_name: 'rp' }],
    [{ kind: 'immediate' }, ['--target-immediate'], { recovery_target: 'immediate' }],
    [{ kind: 'latest' }, [], {}],
  ])('%j › its options and settings', (target, options, settings) => {
    expect(targetOption(target)).toEqual(options);
    expect(targetSettings(target, 3)).toEqual({ ...common, ...settings });
  });
});
