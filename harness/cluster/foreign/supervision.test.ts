import type { Process } from './processes';
import { serviceCommands, supervisordCommands, supervisorOf, systemdCommands } from './supervision';

const process = (pid: number, parent: number, name: string, ...words: string[]): Process => ({
  pid,
  parent,
  name,
  arguments: words,
});
const patroni = (parent: number) => process(35, parent, 'patroni', 'python3', '/usr/bin/patroni', '/p.yml');

describe('what keeps Patroni running', () => {
  test('supervisord, also where a shell stands between', () => {
    const daemon = process(1, 0, 'supervisord', 'python3', '/usr/bin/supervisord', '-n', '-c', '/etc/s.conf');
    const shell = process(30, 1, 'sh', 'sh', '-c', 'patroni /p.yml');
    expect(supervisorOf([daemon, patroni(1)], patroni(1))).toEqual({
      kind: 'supervisord',
      child: 35,
      configFile: '/etc/s.conf',
    });
    const supervisor = supervisorOf([daemon, shell, patroni(30)], patroni(30));
    expect(supervisor).toMatchObject({ kind: 'supervisord', child: 30 });
    const status = 'postgresql-log  RUNNING   pid 3, uptime 0:01:00\ndb:pg   RUNNING   pid 30, uptime 0:01:00\n';
    expect(supervisordCommands({ child: 30, configFile: '/etc/s.conf' }, status)).toEqual({
      start: ['supervisorctl', '-c', '/etc/s.conf', 'start', 'db:pg'],
      stop: ['supervisorctl', '-c', '/etc/s.conf', 'stop', 'db:pg'],
    });
    expect(supervisordCommands({ child: 31 }, status)).toBeUndefined();
  });

  test('runit and s6', () => {
    const runsv = process(20, 1, 'runsv', 'runsv', 'patroni');
    expect(supervisorOf([process(1, 0, 'runsvdir', 'runsvdir'), runsv, patroni(20)], patroni(20))).toEqual({
      kind: 'runit',
      process: 20,
    });
    expect(serviceCommands('runit', '/etc/service/patroni').stop).toEqual([
      'sv',
      '-w',
      '120',
      'stop',
      '/etc/service/patroni',
    ]);
    const s6 = process(20, 1, 's6-supervise', 's6-supervise', 'patroni');
    expect(supervisorOf([process(1, 0, 's6-svscan', 's6-svscan'), s6, patroni(20)], patroni(20))?.kind).toBe('s6');
    expect(serviceCommands('s6', '/run/service/patroni').start).toEqual(['s6-svc', '-u', '/run/service/patroni']);
  });

  test('systemd', () => {
    const systemd = process(1, 0, 'systemd', '/sbin/init');
    expect(supervisorOf([systemd, patroni(1)], patroni(1))).toEqual({ kind: 'systemd', process: 35 });
    expect(systemdCommands('0::/system.slice/patroni@main.service\n')?.stop).toEqual([
      'systemctl',
      'stop',
      'patroni@main.service',
    ]);
    expect(systemdCommands('0::/init.scope\n')).toBeUndefined();
  });

  test.each([
    ['Patroni is the first process', [{ ...patroni(0), pid: 1 }], { ...patroni(0), pid: 1 }],
    ['only an init stands above it', [process(1, 0, 'tini', 'tini', '--', 'patroni'), patroni(1)], patroni(1)],
    ['only a shell stands above it', [process(1, 0, 'sh', 'sh', '/entrypoint.sh'), patroni(1)], patroni(1)],
  ])('nothing › %s', (_, all, of) => {
    expect(supervisorOf(all, of)).toBeUndefined();
  });
});
