import { shellWord } from '../../formats/shell-word';

/** What a person types commands at: the engine's names of the containers, and where each has what. Plain data. */
export interface TypedPlaces {
  members: Record<string, TypedMember>;
  barman: {
    container: string;
    /** The user that Barman runs as, and the name by which members reach it. */
    user: string;
    host: string | null;
    /** Commands for receive-wal; absent where nothing is streamed. */
    startReceiving?: string[];
    stopReceiving?: string[];
    /** Data directories of members as Barman's container sees them; absent where they are not mounted there. */
    mounted: Record<string, string>;
  };
  /** A container that has etcdctl; absent where there is none. */
  etcd?: string;
}

export interface TypedMember {
  container: string;
  binDir: string;
  /** Who owns the data directory and runs PostgreSQL. */
  osUser: string;
  /** The role to connect with. */
  superuser: string;
  port: number;
  /** Commands that start Patroni and stop it. */
  start: string[];
  stop: string[];
}

/** The places of a cluster of ours whose containers bear the plain names: `db1`, `etcd1`, `barman`. */
export function plainPlaces(members: readonly { name: string; dataDir: string }[], binDir: string): TypedPlaces {
  return {
    members: Object.fromEntries(
      members.map(({ name }) => [
        name,
        {
          container: name,
          binDir,
          osUser: 'postgres',
          superuser: 'postgres',
          port: 5432,
          start: ['supervisorctl', 'start', 'patroni'],
          stop: ['supervisorctl', 'stop', 'patroni'],
        },
      ]),
    ),
    barman: {
      container: 'barman',
      user: 'barman',
      host: 'barman',
      startReceiving: ['supervisorctl', 'start', 'receive-wal'],
      stopReceiving: ['supervisorctl', 'stop', 'receive-wal'],
      mounted: Object.fromEntries(
        members.map(({ name, dataDir }) => [name, dataDir.replace(/^\/var\/lib\/postgresql/, `/nodes/${name}`)]),
      ),
    },
    etcd: 'etcd1',
  };
}

/** `docker exec` of a command that is written as a person types it. */
export function inContainer(container: string, command: string): string {
  return `docker exec ${container} ${command}`;
}

/** One SQL statement on a member, its answer without ornaments. */
export function sqlOn(member: TypedMember, ...statements: string[]): string {
  const port = member.port === 5432 ? '' : ` -p ${member.port}`;
  const each = statements.map((sql) => `-c ${shellWord(sql)}`).join(' ');
  return inContainer(member.container, `psql -U ${member.superuser} -h localhost${port} -Atq ${each}`);
}

/** A command that looks again every second until what it prints is a given line. */
export function untilPrints(command: string, line: string): string {
  return `until ${command} 2>/dev/null | grep -qx ${shellWord(line)}; do sleep 1; done`;
}

/** A command that is repeated every second until it succeeds. */
export function untilDone(command: string): string {
  return `until ${command} >/dev/null 2>&1; do sleep 1; done`;
}

/** Lines put into a file in a container, in place of what it holds or behind it. */
export function linesInto(container: string, lines: readonly string[], file: string, mode: '>' | '>>'): string {
  const words = lines.map((line) => (line.includes("'") && !/["$`\\!]/.test(line) ? `"${line}"` : shellWord(line)));
  return `printf '%s\\n' ${words.join(' ')} | docker exec -i ${container} sh -c 'cat ${mode} ${file}'`;
}
