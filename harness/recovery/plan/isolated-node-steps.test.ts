import type { RecoveryTarget } from '../../record/recovery';
import type { PitrFacts, PitrRequest } from './facts';
import { keptDirectory, staleKeys, targetOption, targetSettings } from './isolated-node-steps';
import { planIsolatedNodePitr } from './plan-pitr';
import { SAMPLE_ID, sampleFacts, sampleMember, sampleRequest } from './sample-facts';

const stepsOf = (request: Partial<PitrRequest> = {}, facts: Partial<PitrFacts> = {}) =>
  planIsolatedNodePitr(sampleRequest(request), sampleFacts(facts)).steps;
const commandsOf = (id: string, request: Partial<PitrRequest> = {}, facts: Partial<PitrFacts> = {}): string[] =>
  stepsOf(request, facts).find((step) => step.id === id)?.commands ?? [];
const recover = (target: RecoveryTarget) =>
  commandsOf('restore', { target }).find((command) => command.includes('barman recover'));

describe('steps of a PITR', () => {
  test('their order › archived, fenced, then the data; the DCS before the leader; the old directory last', () => {
    expect(stepsOf().map((step) => step.id)).toEqual([
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
    const stopped = commandsOf('fence', {}, { members }).filter((command) => command.includes('stop patroni'));
    expect(stopped.map((command) => command.split(' ')[2])).toEqual(['db1', 'db3', 'db2']);
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

  test('rejoin › every member but the recovered one', () => {
    expect(commandsOf('rejoin').map((command) => command.split(' ')[2])).toEqual(['db1', 'db3']);
    expect(stepsOf({ node: 'db1' }).find((step) => step.id === 'rejoin')?.title).toContain('db2 and db3');
  });

  test('commands › hold no password and no connection string', () => {
    const all = stepsOf()
      .flatMap((step) => step.commands)
      .join('\n');
    expect(all).not.toMatch(/password|PGPASS|postgres(ql)?:\/\/|secret/i);
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
