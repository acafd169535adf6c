import { parseForeignFile } from './description-file';

const refused = (text: string) => {
  try {
    parseForeignFile(text, 'prod.yml');
  } catch (error) {
    return error as { code: string; message: string };
  }
  throw new Error('it was taken');
};

describe('the description of a foreign cluster', () => {
  test('two lines are enough', () => {
    expect(parseForeignFile('members: [pg-a, pg-b]\nbarman: { container: backup }\n', 'prod.yml')).toEqual({
      members: ['pg-a', 'pg-b'],
      barman: { container: 'backup' },
    });
  });

  test('every field', () => {
    const text = `
members: [pg-a]
barman: { container: backup, server: main, host: backup, user: barman }
scope: orders
namespace: /db/
patroni: { config: /etc/patroni.yml, start: 'sv start patroni', stop: [sv, stop, patroni] }
etcd: { hosts: ['kv1:2379'] }
postgres: { bin_dir: /usr/lib/postgresql/15/bin, user: postgres }
`;
    expect(parseForeignFile(text, 'prod.yml').patroni?.stop).toEqual(['sv', 'stop', 'patroni']);
  });

  test.each([
    ['no YAML', 'members: [', 'is no YAML'],
    ['empty', '', 'is no list of names and values'],
    ['no members', 'barman: { container: b }', '"members"'],
    ['no containers', 'members: []\nbarman: { container: b }', '"members"'],
    ['a member twice', 'members: [a, b, a]\nbarman: { container: b }', 'names the member a twice'],
    ['no container of Barman', 'members: [a]\nbarman: { server: main }', '"barman.container"'],
    ['an unknown field', 'members: [a]\nbarman: { container: b, sever: main }', 'has "sever" in "barman"'],
    ['a relative path', 'members: [a]\nbarman: { container: b }\npatroni: { config: p.yml }', '"patroni.config"'],
  ])('refused › %s', (_, text, words) => {
    const error = refused(text);
    expect(error.code).toBe('PGDRILL_DESCRIPTION_INVALID');
    expect(error.message).toContain('prod.yml');
    expect(error.message).toContain(words);
  });
});
