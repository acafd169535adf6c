import { findPatroni, findReceiveWal, lineage, parseProcesses } from './processes';

const row = (pid: number, parent: number, name: string, ...words: string[]) =>
  `${pid}\t${parent}\t${name}\t${words.map((word) => `${word}\u001F`).join('')}`;
const read = (...rows: string[]) => parseProcesses(rows.join('\n'));

describe('processes of a container', () => {
  test('are read with their arguments, kernel threads and half lines aside', () => {
    expect(read(row(1, 0, 'sh', 'sh', '-c', 'a b'), row(2, 0, 'kthreadd'), 'cut of')).toEqual([
      { pid: 1, parent: 0, name: 'sh', arguments: ['sh', '-c', 'a b'] },
      { pid: 2, parent: 0, name: 'kthreadd', arguments: [] },
    ]);
  });

  test.each([
    ['Debian’s', ['/usr/bin/python3', '/usr/bin/patroni', '/etc/patroni/patroni.yml'], '/etc/patroni/patroni.yml'],
    ['as a module', ['python3.11', '-m', 'patroni', 'conf.yml'], 'conf.yml'],
    ['by its name', ['patroni', '/patroni.yml'], '/patroni.yml'],
    ['by its environment', ['/opt/venv/bin/python', '/opt/venv/bin/patroni'], undefined],
  ])('Patroni › %s', (_, words, configFile) => {
    const found = findPatroni(read(row(1, 0, 'init', 'init'), row(7, 1, 'patroni', ...words)));
    expect(found?.process.pid).toBe(7);
    expect(found?.configFile).toBe(configFile);
  });

  test.each([
    ['patronictl', ['python3', '/usr/bin/patronictl', '-c', 'patroni', 'list']],
    ['somebody who reads its file', ['vi', '/etc/patroni']],
    ['a script around it', ['bash', '/usr/local/bin/run-patroni']],
    ['PostgreSQL', ['/usr/lib/postgresql/15/bin/postgres', '-D', '/data/patroni']],
  ])('Patroni › not %s', (_, words) => {
    expect(findPatroni(read(row(7, 1, 'x', ...words)))).toBeUndefined();
  });

  test('Patroni › as first process, not its own child', () => {
    const words = ['python3', '/usr/bin/patroni', 'c.yml'];
    expect(findPatroni(read(row(1, 0, 'patroni', ...words), row(9, 1, 'patroni', ...words)))?.process.pid).toBe(1);
  });

  test('receive-wal › of the one server', () => {
    const of = (server: string) => ['/usr/bin/python3', '/usr/bin/barman', 'receive-wal', server];
    const all = read(row(4, 1, 'barman', ...of('other')), row(5, 1, 'barman', ...of('main')));
    expect(findReceiveWal(all, 'main')?.pid).toBe(5);
    expect(findReceiveWal(read(row(6, 1, 'sh', 'sh', '-c', 'barman receive-wal main')), 'main')).toBeUndefined();
  });

  test('lineage › up to the first, and no further where a parent is its own', () => {
    const all = read(row(1, 0, 'init', 'init'), row(5, 1, 'a', 'a'), row(6, 5, 'b', 'b'), row(8, 8, 'c', 'c'));
    expect(lineage(all, all[2]!).map(({ pid }) => pid)).toEqual([6, 5, 1]);
    expect(lineage(all, all[3]!).map(({ pid }) => pid)).toEqual([8]);
  });
});
