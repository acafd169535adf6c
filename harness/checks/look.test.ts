import { execFileSync } from 'node:child_process';
import { lookBarman, lookEtcd, lookHistory, lookIn, lookPatroni, lookSql, shellQuoted } from './look';

describe('look › commands as they are typed', () => {
  test.each([
    ['plain-word_1.x', 'plain-word_1.x'],
    ['SELECT 1', "'SELECT 1'"],
    ["SELECT 'a'", `"SELECT 'a'"`],
    [`SELECT 'a', "b"`, `'SELECT '\\''a'\\'', "b"'`],
    ["it's $HOME", `'it'\\''s $HOME'`],
    ["it's 100!", `'it'\\''s 100!'`],
  ])('%s › is quoted so that it is read most easily', (word, quoted) => expect(shellQuoted(word)).toBe(quoted));

  test.each(['SELECT 1', "SELECT 'a'", `"x" 'y' $z \`w\` \\ !`, "'", ''])(
    '%s › comes back from a shell unchanged',
    (word) => {
      expect(execFileSync('sh', ['-c', `printf %s ${shellQuoted(word)}`], { encoding: 'utf8' })).toBe(word);
    },
  );

  test('each kind', () => {
    expect([
      lookSql('db2', 'SELECT 1', 'thai'),
      lookSql(undefined, 'SELECT 1'),
      lookPatroni('db1'),
      lookEtcd('patroni1', 'leader'),
      lookBarman('barman check patroni1'),
      lookHistory('db3'),
      lookIn('db1', 'ls'),
    ]).toEqual([
      "look: pgdrill enter --psql db2 -- -d thai -c 'SELECT 1'",
      "look: pgdrill enter --psql -- -c 'SELECT 1'",
      'look: pgdrill enter db1 -- patronictl -c /etc/patroni/patroni.yml list',
      'look: pgdrill enter etcd1 -- etcdctl get --prefix /service/patroni1/leader',
      'look: pgdrill enter barman -u barman -- barman check patroni1',
      "look: pgdrill enter db3 -- bash -c 'cat /var/lib/postgresql/*/db3/pg_wal/*.history'",
      'look: pgdrill enter db1 -- ls',
    ]);
  });
});
