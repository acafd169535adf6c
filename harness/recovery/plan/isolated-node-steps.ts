import type { BackupRef } from '../../record/backup-ref';
import type { PlannedStep, RecoveryTarget } from '../../record/recovery';
import type { MemberFacts, PitrFacts, PitrRequest } from './facts';

interface Parts {
  request: PitrRequest;
  facts: PitrFacts;
  backup: BackupRef;
  node: MemberFacts;
  others: MemberFacts[];
  /** The number that the recovered timeline gets. */
  newTimeline: number;
}

/** DCS keys that would let the old history win once members start again. `initialize` and `config` stay. */
export const staleKeys = ['leader', 'status', 'failover', 'history', 'sync', 'failsafe'] as const;

/** Where the data directory that a recovery replaces is kept. */
export function keptDirectory(dataDir: string, id: string): string {
  return `${dataDir}.before-${id}`;
}

/** Options of `barman recover` for a target (Barman's documentation, "barman recover"). */
export function targetOption(target: RecoveryTarget): string[] {
  const exclusive = 'inclusive' in target && !target.inclusive ? ['--exclusive'] : [];
  switch (target.kind) {
    case 'time':
      return ['--target-time', target.time, ...exclusive];
    case 'lsn':
      return ['--target-lsn', target.lsn, ...exclusive];
    case 'xid':
      return ['--target-xid', target.xid, ...exclusive];
    case 'name':
      return ['--target-name', target.name];
    case 'immediate':
      return ['--target-immediate'];
    case 'latest':
      return [];
  }
}

/** The recovery settings of a target, by name (PostgreSQL documentation, 20.5.6 "Recovery Target"). */
export function targetSettings(target: RecoveryTarget, timeline: number): Record<string, string> {
  const common = { recovery_target_timeline: String(timeline), recovery_target_action: 'promote' };
  switch (target.kind) {
    case 'time':
      return { ...common, recovery_target_time: target.time, recovery_target_inclusive: onOff(target.inclusive) };
    case 'lsn':
      return { ...common, recovery_target_lsn: target.lsn, recovery_target_inclusive: onOff(target.inclusive) };
    case 'xid':
      return { ...common, recovery_target_xid: target.xid, recovery_target_inclusive: onOff(target.inclusive) };
    case 'name':
      return { ...common, recovery_target_name: target.name };
    case 'immediate':
      return { ...common, recovery_target: 'immediate' };
    case 'latest':
      return common;
  }
}

/** A word as a shell takes it for one. */
function shellWord(word: string): string {
  return /^[\w./:@%+=,-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}

const onOff = (value: boolean) => (value ? 'on' : 'off');

/**
 * The steps of a recovery on one isolated member, with the commands that a person would type for the same. The order is
 * the one that works (docs/recovery.md): what it needs is archived, every member is fenced, then the data is touched.
 */
export function isolatedNodeSteps({ request, facts, backup, node, others, newTimeline }: Parts): PlannedStep[] {
  const on = (member: string, command: string) => `docker exec ${member} ${command}`;
  const leader = facts.members.find((member) => member.leader)?.name ?? node.name;
  const replicasFirst = [...facts.members].sort((a, b) => Number(a.leader) - Number(b.leader));
  const dcs = `${facts.namespace}${facts.scope}`;
  const kept = keptDirectory(node.dataDir, request.id);
  // Without an action, recovery pauses at the target and never ends.
  const action = request.target.kind === 'latest' ? [] : ['--target-action', 'promote'];
  const options = [...targetOption(request.target), ...action].map(shellWord);
  return [
    // Two -c: in one, both would be a single transaction and its commit would come after the switch.
    step('archive-tail', 'have what the target needs archived', 'one commit and a switch of WAL on the leader', [
      on(leader, `psql -U postgres -h localhost -c 'SELECT pg_current_xact_id()' -c 'SELECT pg_switch_wal()'`),
      on('barman', `barman archive-wal ${facts.server}`),
    ]),
    step(
      'fence',
      'stop every member, replicas first, and prove it by a refused write',
      'Patroni and PostgreSQL stopped on all members',
      [
        ...replicasFirst.map((member) => on(member.name, 'supervisorctl stop patroni')),
        on('barman', 'supervisorctl stop receive-wal'),
        on('barman', `barman archive-wal ${facts.server}`),
      ],
    ),
    step(
      'restore',
      `restore backup ${backup.id} into the data directory of ${node.name}`,
      `the data directory of ${node.name}; the old one is kept as ${kept}`,
      [
        on(node.name, `mv ${node.dataDir} ${kept}`),
        on(
          'barman',
          `install -d -o barman -g barman -m 0700 ${node.dataDir.replace(/^\/var\/lib\/postgresql/, `/nodes/${node.name}`)}`,
        ),
        on(
          'barman',
          [
            'barman recover',
            '--target-tli',
            String(request.targetTimeline),
            ...options,
            facts.server,
            backup.id,
            node.dataDir,
          ].join(' '),
        ),
        on(node.name, `touch ${node.dataDir}/recovery.signal`),
        on(node.name, `chown -R postgres:postgres ${node.dataDir}`),
      ],
    ),
    step(
      'replay',
      `replay WAL on ${node.name}, outside Patroni, up to the target`,
      `${node.name} ends on a timeline of its own, ${newTimeline}`,
      [
        on(node.name, `su - postgres -c "pg_ctl -D ${node.dataDir} start"`),
        on(node.name, `psql -U postgres -h localhost -c 'SELECT pg_is_in_recovery()'   # until f`),
      ],
    ),
    step('check-there', `look at ${node.name} before anything else changes`, 'nothing', [
      on(node.name, 'psql -U postgres -h localhost'),
    ]),
    step(
      'stop-isolated',
      `stop ${node.name} and take the recovery settings out`,
      `postgresql.auto.conf of ${node.name}`,
      [on(node.name, `su - postgres -c "pg_ctl -D ${node.dataDir} -m fast stop"`)],
    ),
    step(
      'clear-dcs',
      'clear what etcd remembers of the old history',
      `keys ${staleKeys.join(', ')} under ${dcs}`,
      staleKeys.map((key) => on('etcd1', `etcdctl del ${dcs}/${key}`)),
    ),
    step('lead', `start Patroni on ${node.name} and have it lead`, `${node.name} is the leader`, [
      on(node.name, 'supervisorctl start patroni'),
    ]),
    ...(others.length === 0
      ? []
      : [
          step(
            'rejoin',
            `copy ${others.map((member) => member.name).join(' and ')} from the new leader`,
            'their data directories',
            [
              ...others.map((member) =>
                on(member.name, `sh -c 'rm -rf ${member.dataDir}/* && supervisorctl start patroni'`),
              ),
            ],
          ),
        ]),
    step('rearm', 'let Barman follow the new history', "Barman's receive-wal and archive", [
      on('barman', `barman receive-wal --reset ${facts.server}`),
      on('barman', 'supervisorctl start receive-wal'),
      on('barman', `barman archive-wal ${facts.server}`),
    ]),
    step('fresh-backup', 'make a base backup on the new timeline', 'one more backup in Barman', [
      on('barman', `barman backup ${facts.server}`),
    ]),
    step('tidy', `remove the old data directory of ${node.name}`, kept, [on(node.name, `rm -rf ${kept}`)]),
  ];
}

function step(id: string, title: string, changes: string, commands: string[]): PlannedStep {
  return { id, title, changes, commands };
}
