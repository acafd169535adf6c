import { changesSomething, isCopy, parseLeft } from './left-commands';

describe('what a killed process has left at work in a container', () => {
  test('the list is read, with sessions; an empty one too', () => {
    expect(parseLeft('41 40 barman recover patroni1 X /var/lib/x  \n7 7 sh -c a b\n')).toEqual([
      { pid: 41, session: 40, command: 'barman recover patroni1 X /var/lib/x' },
      { pid: 7, session: 7, command: 'sh -c a b' },
    ]);
    expect(parseLeft('')).toEqual([]);
  });

  test.each([
    [
      '/usr/bin/python3 /usr/bin/barman recover --target-tli 1 patroni1 20261121T063744 /var/lib/postgresql/15/db2',
      true,
    ],
    ['rm -rf /var/lib/postgresql/15/db2', true],
    ['sh -c if [ -e /a.before ]; then rm -rf /a; elif [ -e /a ]; then mv /a /a.before; fi', true],
    ['sh -c touch /a/recovery.signal && chown -R postgres:postgres /a && chmod 0700 /a', true],
  ])('ended, for it is made anew: %s', (command, copy) => {
    expect([changesSomething(command), isCopy(command)]).toEqual([true, copy]);
  });

  test.each([
    '/usr/bin/python3 /usr/bin/supervisorctl stop patroni',
    'su postgres -c /usr/lib/postgresql/15/bin/pg_ctl -D /a -s -w -m fast stop',
    '/usr/bin/python3 /usr/bin/barman -f json backup patroni1',
    '/usr/bin/python3 /usr/bin/barman archive-wal patroni1',
    'install -d -o barman -g barman -m 0700 /nodes/db2/15/db2',
  ])('awaited: %s', (command) => {
    expect([changesSomething(command), isCopy(command)]).toEqual([true, false]);
  });

  test.each([
    '/usr/bin/python3 /usr/bin/barman -f json show-backup patroni1 X',
    'cat /var/lib/postgresql/15/db2/postgresql.auto.conf',
    'bash -c for d in "$1".pitr-*; do cat "$d"; done',
    'psql -X -c SELECT 1',
  ])('left alone: %s', (command) => expect(changesSomething(command)).toBe(false));
});
