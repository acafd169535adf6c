import { renderBootstrapSql, renderPatroniConfig } from './patroni-config';
import { sampleDescription } from './sample-description';

const lines = (member = 'db2', change = {}) => renderPatroniConfig(sampleDescription(change), member).split('\n');

/** Each key of the file with the path of the blocks that it stands in: `bootstrap.dcs.ttl`, by indentation. */
function keyPaths(text: string[]): string[] {
  const open: { indent: number; key: string }[] = [];
  return text.flatMap((line) => {
    const match = /^( *)([\w-]+):(?: |$)/.exec(line);
    if (!match?.[2]) return [];
    const indent = match[1]?.length ?? 0;
    while ((open.at(-1)?.indent ?? -1) >= indent) open.pop();
    open.push({ indent, key: match[2] });
    return [open.map(({ key }) => key).join('.')];
  });
}

/** The value of a key, by its path. */
function valueOf(text: string[], path: string): string | undefined {
  const keys = text.filter((line) => /^ *[\w-]+:(?: |$)/.test(line));
  const found = keyPaths(text).indexOf(path);
  return keys[found]?.replace(/^ *[\w-]+: ?/, '');
}

describe('patroni.yml', () => {
  test('its form › two spaces a level, no tab, every line a key, an item or blank, no key twice in a block', () => {
    const text = lines();
    expect(text.at(-1)).toBe('');
    for (const line of text.slice(0, -1)) expect(line).toMatch(/^(?: {2})*(?:[\w-]+:(?: \S.*)?|- \S.*)$/);
    const paths = keyPaths(text);
    expect([...new Set(paths)]).toEqual(paths);
    expect(text.join('\n')).not.toMatch(/undefined|null|NaN|\[object/);
  });

  test('brackets and quotes › closed on their own line', () => {
    for (const line of lines()) {
      const bare = line.replaceAll(/'[^']*'/g, '');
      expect(bare).not.toContain("'");
      for (const [open, close] of [
        ['{', '}'],
        ['[', ']'],
      ] as const) {
        expect(bare.split(open).length).toBe(bare.split(close).length);
      }
    }
  });

  test('what is the member’s own › its name, addresses and data directory', () => {
    for (const member of ['db1', 'db5']) {
      const text = lines(member, { members: ['db1', 'db2', 'db3', 'db4', 'db5'] });
      expect(valueOf(text, 'name')).toBe(member);
      expect(valueOf(text, 'restapi')).toBe(`{ listen: '0.0.0.0:8008', connect_address: '${member}:8008' }`);
      expect(valueOf(text, 'postgresql.connect_address')).toBe(`${member}:5432`);
      expect(valueOf(text, 'postgresql.data_dir')).toBe(`/var/lib/postgresql/15/${member}`);
    }
    const differing = lines('db1').filter((line, index) => line !== lines('db2')[index]);
    expect(differing).toHaveLength(4);
  });

  test('what is the cluster’s › scope, namespace, every etcd member, the server’s version', () => {
    const text = lines('db1', { scope: 'eu', namespace: '/other/', etcd: ['etcd1', 'etcd9'], postgresMajor: 17 });
    expect(valueOf(text, 'scope')).toBe('eu');
    expect(valueOf(text, 'namespace')).toBe('/other/');
    expect(valueOf(text, 'etcd3')).toBe('{ hosts: [etcd1:2379, etcd9:2379] }');
    expect(valueOf(text, 'postgresql.bin_dir')).toBe('/usr/lib/postgresql/17/bin');
    expect(valueOf(text, 'bootstrap.post_bootstrap')).toContain('/usr/lib/postgresql/17/bin/psql ');
    expect(valueOf(text, 'postgresql.data_dir')).toBe('/var/lib/postgresql/17/db1');
  });

  test('what recovery counts on › checksums, commit times, both archiving ways, rewindable, quick to retry', () => {
    const text = lines('db1', { barmanServer: 'eu' });
    const parameter = (name: string) => valueOf(text, `bootstrap.dcs.postgresql.parameters.${name}`);
    expect(valueOf(text, 'bootstrap.initdb')).toContain('data-checksums');
    expect(valueOf(text, 'bootstrap.dcs.slots')).toBe('{ barman: { type: physical } }');
    expect(parameter('archive_mode')).toBe(`'on'`);
    // By whatever program: the segment's path, to Barman's host, for this server.
    for (const part of [/ %p\b/, /\bbarman\b/, /\beu\b/]) expect(parameter('archive_command')).toMatch(part);
    expect(parameter('track_commit_timestamp')).toBe(`'on'`);
    expect(parameter('wal_log_hints')).toBe(`'on'`);
    expect(parameter('wal_retrieve_retry_interval')).toBe('250ms');
    expect(parameter('log_timezone')).toBe('UTC');
  });

  test('Patroni’s three clocks › ttl is at least loop_wait and twice retry_timeout', () => {
    const clock = (name: string) => Number(valueOf(lines(), `bootstrap.dcs.${name}`));
    expect(clock('ttl')).toBeGreaterThanOrEqual(20);
    expect(clock('loop_wait')).toBeGreaterThanOrEqual(1);
    expect(clock('retry_timeout')).toBeGreaterThanOrEqual(3);
    expect(clock('loop_wait') + 2 * clock('retry_timeout')).toBeLessThanOrEqual(clock('ttl'));
  });

  test('pg_wal on a file system of its own › every copy has it there, and WAL that is kept leaves room', () => {
    const text = lines('db1', { disks: { walBytes: 384 * 1024 ** 2 } });
    for (const path of ['bootstrap.initdb', 'postgresql.basebackup'])
      expect(valueOf(text, path)).toMatch(/, waldir: \/var\/lib\/postgresql-wal\/pg_wal\]$/);
    const mebibytes = (name: string) =>
      Number(/^(\d+)MB$/.exec(valueOf(text, `bootstrap.dcs.postgresql.parameters.${name}`) ?? '')?.[1]);
    expect(mebibytes('wal_keep_size') + mebibytes('max_wal_size')).toBeLessThan(384 / 2);
    expect(lines('db1').join()).not.toContain('waldir');
  });

  test('file systems that lose their power › nothing is left unsynced', () => {
    expect(lines('db1', { disks: { ownFileSystem: true } }).join('\n')).not.toContain('no-sync');
    expect(valueOf(lines(), 'bootstrap.initdb')).toContain('no-sync');
  });

  test('secrets › each in its place and nowhere else, Barman’s not at all', () => {
    const text = lines();
    const { barman, ...own } = sampleDescription().secrets;
    for (const [role, secret] of Object.entries(own)) {
      const holding = text.filter((line) => line.includes(secret));
      expect(holding).toHaveLength(1);
      const name = { superuser: 'superuser', replicator: 'replication', rewind: 'rewind' }[role];
      const user = role === 'superuser' ? 'postgres' : role;
      expect(valueOf(text, `postgresql.authentication.${name}`)).toBe(`{ username: ${user}, password: ${secret} }`);
    }
    expect(text.join('\n')).not.toContain(barman);
  });

  test('who may connect › over the network only with a password', () => {
    const hba = lines().flatMap((line) => /^ {4}- ((?:host|local)\w* .*)$/.exec(line)?.[1] ?? []);
    expect(hba.length).toBeGreaterThan(0);
    const remote = hba.filter((line) => line.startsWith('host') && !/(127\.0\.0\.1\/32|::1\/128)/.test(line));
    expect(remote.length).toBeGreaterThan(0);
    for (const line of remote) expect(line).toMatch(/ scram-sha-256$/);
  });
});

describe('bootstrap SQL', () => {
  test('Barman’s role › the verifier of its secret, no secret itself, no superuser', () => {
    const sql = renderBootstrapSql(sampleDescription());
    expect(sql).toMatch(/^CREATE ROLE barman LOGIN REPLICATION PASSWORD 'SCRAM-SHA-256\$4096:[\w+/=:$]+';$/m);
    for (const secret of Object.values(sampleDescription().secrets)) expect(sql).not.toContain(secret);
    expect(sql).not.toMatch(/superuser/i);
    for (const statement of sql.trim().split('\n')) expect(statement).toMatch(/;$/);
  });

  test('what Barman needs in order to back up and switch › granted', () => {
    const sql = renderBootstrapSql(sampleDescription());
    for (const name of ['pg_backup_start', 'pg_backup_stop', 'pg_switch_wal', 'pg_create_restore_point']) {
      expect(sql).toContain(`${name}(`);
    }
    for (const role of ['pg_read_all_settings', 'pg_read_all_stats', 'pg_checkpoint']) expect(sql).toContain(role);
  });
});
