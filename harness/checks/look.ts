/**
 * The commands with which a person looks for himself, as lines of a finding: typed as they are in a shell while the
 * cluster is kept (`pgdrill run … --keep`), they show what the check saw. They go through `pgdrill enter`, which knows the
 * containers; every line begins with `look: `, so that reports can tell them from what was found.
 */
export const LOOK = 'look: ';

/** One query on a member, as the superuser. @param member default the leader @param database default `postgres` */
export function lookSql(member: string | undefined, sql: string, database = 'postgres'): string {
  const where = database === 'postgres' ? '' : `-d ${shellQuoted(database)} `;
  return `${LOOK}pgdrill enter --psql ${member === undefined ? '' : `${member} `}-- ${where}-c ${shellQuoted(sql)}`;
}

/** One command in a container of the cluster: `db1`, `etcd1`, `barman`. @param command as typed, quoted where it must be */
export function lookIn(container: string, command: string, user?: string): string {
  return `${LOOK}pgdrill enter ${container}${user === undefined ? '' : ` -u ${user}`} -- ${command}`;
}

/** Patroni's own view of the cluster. */
export function lookPatroni(member: string): string {
  return lookIn(member, 'patronictl -c /etc/patroni/patroni.yml list');
}

/** Patroni's keys in etcd. @param key below the scope; all when empty */
export function lookEtcd(scope: string, key = ''): string {
  return lookIn('etcd1', `etcdctl get --prefix ${shellQuoted(`/service/${scope}/${key}`)}`);
}

/** A word as a POSIX shell takes it back unchanged; in the quotes that leave it most readable. */
export function shellQuoted(word: string): string {
  if (/^[\w@%+=:,./-]+$/.test(word)) return word;
  if (!word.includes("'")) return `'${word}'`;
  // `!` is left to single quotes: bash expands it in double ones when a person types.
  if (!/[$`\\"!]/.test(word)) return `"${word}"`;
  return `'${word.replaceAll("'", `'\\''`)}'`;
}

/** Every history file that a member has. The container's own shell finds them. */
export function lookHistory(member: string): string {
  return lookIn(member, `bash -c 'cat /var/lib/postgresql/*/${member}/pg_wal/*.history'`);
}

/** A command of Barman's, on its server, as its user. */
export function lookBarman(command: string): string {
  return lookIn('barman', command, 'barman');
}
