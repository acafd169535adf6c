import { targetOption } from '../../backup/recover-target';
import { historyNameOf, walNameOf } from '../../formats/wal-name';
import {
  besideData,
  fencedWithNode,
  filesDirectory,
  journalFolder,
  keptDirectory,
  staleKeys,
  type Parts,
} from './step-parts';
import {
  isolatedHba,
  isolatedHbaFile,
  isolatedOptions,
  recoverySettingNames,
  restoreCommand,
  targetSettings,
} from './recovery-settings';
import { shellWord } from '../../formats/shell-word';
import type { StepId } from './step-lists';
import { inContainer, linesInto, plainPlaces, sqlOn, untilDone, untilPrints, type TypedMember } from './typed-places';

/**
 * What a person types to do a step by hand, each line complete in itself: typed one after the other, they end where the
 * recovery would.
 */
export function typedCommands(id: StepId, parts: Parts): string[] {
  return commands[id](new Hands(parts));
}

const inRecovery = 'SELECT pg_is_in_recovery()';
const LOOK =
  "SELECT 'last commit replayed ' || coalesce(pg_last_xact_replay_timestamp()::text, 'none') || ', up to ' || pg_last_wal_replay_lsn()";

/** The parts of a plan, and where they are. */
class Hands {
  readonly places;
  readonly node: TypedMember;
  readonly dataDir: string;
  readonly leader: string | undefined;

  constructor(readonly parts: Parts) {
    const { facts, node } = parts;
    this.places = facts.places ?? plainPlaces(facts.members, facts.binDir);
    this.node = this.member(node.name);
    this.dataDir = node.dataDir;
    this.leader = facts.members.find((member) => member.leader)?.name;
  }

  member(name: string): TypedMember {
    return this.places.members[name]!;
  }

  on(name: string, command: readonly string[] | string): string {
    return inContainer(this.member(name).container, typeof command === 'string' ? command : command.join(' '));
  }

  onNode(command: string): string {
    return inContainer(this.node.container, command);
  }

  inBarman(command: readonly string[] | string): string {
    return inContainer(this.places.barman.container, typeof command === 'string' ? command : command.join(' '));
  }

  /** As the user that owns the data, whose shell knows the path of the programs. */
  asOwner(command: string): string {
    return this.onNode(`su - ${this.node.osUser} -c ${shellWord(command)}`);
  }

  pgCtl(words: string): string {
    return `${this.node.binDir}/pg_ctl -D ${this.dataDir} ${words}`;
  }

  archived(name: string): string {
    const { server } = this.parts.facts;
    return untilDone(this.inBarman(`sh -c 'barman -q archive-wal ${server}; barman get-wal ${server} ${name}'`));
  }

  /** `barman recover` into a directory as Barman's container has it. */
  recover(directory: string): string {
    const { request, facts, backup } = this.parts;
    // Without an action, recovery pauses at the target and never ends.
    const action = request.target.kind === 'latest' ? [] : ['--target-action', request.pause ? 'pause' : 'promote'];
    const options = [...targetOption(request.target), ...action].map(shellWord);
    const placed = this.ofBackup().map(({ name, inBarman }) => `--tablespace ${shellWord(`${name}:${inBarman}`)}`);
    const fetched = this.parts.walFrom === 'fetched' ? ['--get-wal'] : [];
    const timeline = ['--target-tli', String(request.targetTimeline)];
    return this.inBarman([
      'barman recover',
      ...fetched,
      ...timeline,
      ...options,
      ...placed,
      facts.server,
      backup.id,
      directory,
    ]);
  }

  /** postgresql.auto.conf: what an earlier recovery and Barman left goes, with every comment; then this recovery's. */
  settings(container: string, directory: string): string[] {
    const { request, facts, usePartial, useKeptWal } = this.parts;
    const { host, user } = this.places.barman;
    const settings = {
      ...targetSettings(request.target, request.targetTimeline, request.pause ? 'pause' : 'promote'),
      restore_command: restoreCommand(request.walMethod, {
        server: facts.server,
        partial: usePartial ?? false,
        host,
        user,
        ...(useKeptWal ? { keptWal: `${this.kept()}/pg_wal` } : {}),
      }),
    };
    const lines = Object.entries(settings).map(([name, value]) => `${name} = '${value.replaceAll("'", "''")}'`);
    const file = `${directory}/postgresql.auto.conf`;
    return [
      withoutSettings(container, file),
      linesInto(container, lines, file, '>>'),
      inContainer(container, `touch ${directory}/recovery.signal`),
    ];
  }

  /** Tablespaces that the members have now. */
  tablespaces(): { name: string; location: string }[] {
    return this.parts.facts.tablespaces;
  }

  /** Tablespaces of the backup: their locations, and where they are put first. */
  ofBackup(): { name: string; location: string; beside: string; inBarman: string }[] {
    const mounted = this.places.barman.mounted[this.parts.node.name] ?? this.dataDir;
    return (this.parts.backup.tablespaces ?? []).map((one, index) => ({
      ...one,
      beside: besideData(this.dataDir, index),
      inBarman: besideData(mounted, index),
    }));
  }

  /** Everything that belongs to the data directory, put aside under its own name. */
  aside(): string[] {
    const places = [...this.tablespaces().map(({ location }) => location), this.dataDir];
    const { osUser } = this.node;
    return [
      ...places.map((place) => this.onNode(`mv ${place} ${keptDirectory(place, this.parts.request.id)}`)),
      // Replay of CREATE TABLESPACE needs the location to be there.
      ...this.tablespaces().map(({ location }) => this.onNode(`install -d -o ${osUser} -m 0700 ${location}`)),
    ];
  }

  /** Tablespaces moved to their locations; the links that Barman made lead to its own container's places. */
  relinked(): string[] {
    return this.ofBackup().flatMap(({ location, beside, inBarman }) => [
      this.onNode(`sh -c ${shellWord(`mkdir -p ${location} && mv ${beside}/* ${location}/ && rmdir ${beside}`)}`),
      this.onNode(`find ${this.dataDir}/pg_tblspc -lname ${inBarman} -exec ln -sfn ${location} {} ';'`),
      this.onNode(`chown -R ${this.node.osUser}: ${location}`),
    ]);
  }

  owned(): string[] {
    const { osUser } = this.node;
    return [this.onNode(`chown -R ${osUser}: ${this.dataDir}`), this.onNode(`chmod 0700 ${this.dataDir}`)];
  }

  kept(): string {
    return keptDirectory(this.dataDir, this.parts.request.id);
  }

  /** A backup that Barman cannot write where the node reads it, or that lies in its own container already. */
  copied(): string[] {
    const { node, barman } = { node: this.node, barman: this.places.barman };
    return [
      this.onNode(`install -d -o ${node.osUser} -m 0700 ${this.dataDir}`),
      `docker cp ${barman.container}:${filesDirectory(this.parts.request.id)}/. - | docker cp - ${node.container}:${this.dataDir}/`,
      ...this.owned(),
    ];
  }
}

function withoutSettings(container: string, file: string): string {
  const names = recoverySettingNames.replaceAll('$', '\\b');
  return inContainer(container, `sed -i -E '/^[[:space:]]*(#|$|${names})/d' ${file}`);
}

const commands: Record<StepId, (hands: Hands) => string[]> = {
  'archive-tail': (hands) => {
    const { facts } = hands.parts;
    if (hands.leader === undefined) return [hands.inBarman(`barman archive-wal ${facts.server}`)];
    const leader = hands.member(hands.leader);
    return [
      // Two -c: in one, both would be a single transaction and its commit would come after the switch.
      sqlOn(leader, 'SELECT pg_current_xact_id()', 'SELECT pg_switch_wal()'),
      hands.archived(walNameOf(facts.timeline, facts.currentLsn, facts.segmentSize)),
    ];
  },
  'make-files': (hands) => {
    const { container, user } = hands.places.barman;
    const directory = filesDirectory(hands.parts.request.id);
    return [
      hands.inBarman(`install -d -o ${user} -m 0700 ${directory}`),
      hands.recover(directory),
      ...hands.settings(container, directory),
    ];
  },
  isolate: (hands) => [hands.on(hands.parts.node.name, hands.node.stop), untilDone(noPostmaster(hands.node))],
  fence: (hands) => {
    const { facts, node } = hands.parts;
    const all = fencedWithNode(hands.parts);
    const members = facts.members
      .filter((member) => all || member.name !== node.name)
      .sort((a, b) => Number(a.leader) - Number(b.leader));
    const stop = hands.places.barman.stopReceiving;
    return [
      ...members.map(({ name }) => hands.on(name, hands.member(name).stop)),
      ...members.map(({ name }) => untilDone(noPostmaster(hands.member(name)))),
      ...(stop ? [hands.inBarman(stop)] : []),
      hands.inBarman(`barman archive-wal ${facts.server}`),
    ];
  },
  restore: (hands) => {
    const { request, node } = hands.parts;
    const { mounted, user } = hands.places.barman;
    const shared = mounted[node.name];
    if (request.mode === 'files') return [...hands.aside(), ...hands.copied()];
    if (shared === undefined) return [...hands.aside(), ...commands['make-files'](hands), ...hands.copied()];
    return [
      ...hands.aside(),
      ...[shared, ...hands.ofBackup().map(({ inBarman }) => inBarman)].map((place) =>
        hands.inBarman(`install -d -o ${user} -g ${user} -m 0700 ${place}`),
      ),
      hands.recover(hands.dataDir),
      ...hands.settings(hands.node.container, hands.dataDir),
      ...hands.owned(),
      ...hands.relinked(),
    ];
  },
  replay: (hands) => {
    const { container } = hands.node;
    const start = hands.pgCtl(
      `-w -t 86400 -l /tmp/pgdrill-start.log -o "${isolatedOptions(hands.dataDir).join(' ')}" start`,
    );
    return [
      linesInto(container, isolatedHba, isolatedHbaFile, '>'),
      hands.asOwner(start),
      hands.parts.request.pause
        ? untilPrints(sqlOn(hands.node, 'SELECT pg_get_wal_replay_pause_state()'), 'paused')
        : untilPrints(sqlOn(hands.node, inRecovery), 'f'),
    ];
  },
  look: (hands) => [
    sqlOn(hands.node, LOOK),
    sqlOn(hands.node, 'SELECT pg_wal_replay_resume()'),
    untilPrints(sqlOn(hands.node, inRecovery), 'f'),
  ],
  'check-there': (hands) => [sqlOn(hands.node, 'SELECT datname FROM pg_database WHERE datallowconn ORDER BY 1')],
  'stop-isolated': (hands) => [
    hands.asOwner(hands.pgCtl('-m fast -w stop')),
    withoutSettings(hands.node.container, `${hands.dataDir}/postgresql.auto.conf`),
    ...hands.owned().slice(0, 1),
    hands.onNode(`rm -rf ${hands.dataDir}/barman_wal`),
  ],
  'clear-dcs': (hands) => {
    const { facts } = hands.parts;
    const { etcd } = hands.places;
    return staleKeys.map((key) => {
      const del = `etcdctl del ${facts.namespace}${facts.scope}/${key}`;
      return etcd === undefined ? `${del}   # where etcdctl reaches the DCS` : inContainer(etcd, del);
    });
  },
  lead: (hands) => [hands.on(hands.parts.node.name, hands.node.start), untilPrints(sqlOn(hands.node, inRecovery), 'f')],
  rejoin: (hands) => {
    const { others, rejoins = [] } = hands.parts;
    const rewound = new Set(rejoins.filter((one) => one.rejoin === 'rewind').map((one) => one.member));
    // The old leader last: as long as its data is there, there is a way back.
    const inOrder = [...others].sort((a, b) => Number(a.leader) - Number(b.leader));
    return [
      ...(rewound.size > 0 ? [sqlOn(hands.node, 'CHECKPOINT')] : []),
      ...inOrder.flatMap(({ name, dataDir }) => [
        // Patroni runs pg_rewind by itself where it finds data that has gone another way.
        ...(rewound.has(name)
          ? []
          : [hands.on(name, ['rm -rf', ...hands.tablespaces().map(({ location }) => location), dataDir])]),
        hands.on(name, hands.member(name).start),
        untilPrints(
          sqlOn(
            hands.node,
            `SELECT pg_current_xact_id() IS NOT NULL AND EXISTS (SELECT FROM pg_stat_replication WHERE application_name = '${name}' AND state = 'streaming')`,
          ),
          't',
        ),
      ]),
    ];
  },
  rearm: (hands) => {
    const { facts, newTimeline } = hands.parts;
    const { startReceiving, user } = hands.places.barman;
    return [
      ...(startReceiving
        ? [
            hands.inBarman(`barman receive-wal --reset ${facts.server}`),
            hands.inBarman(startReceiving),
            untilDone(hands.inBarman(`pgrep -u ${user} pg_receivewal`)),
          ]
        : []),
      hands.archived(historyNameOf(newTimeline)),
    ];
  },
  'fresh-backup': (hands) => [hands.inBarman(`barman backup --wait ${hands.parts.facts.server}`)],
  tidy: (hands) => {
    const { request } = hands.parts;
    const places = [...hands.tablespaces().map(({ location }) => location), hands.dataDir];
    return [
      ...(request.keepOld
        ? []
        : [hands.onNode(['rm -rf', ...places.map((place) => keptDirectory(place, request.id))].join(' '))]),
      // Begun by pgdrill and ended by hand: its journal would say for ever that it is half-done.
      ...(request.mode === 'cluster' ? [] : [hands.onNode(`rm -rf ${journalFolder(hands.dataDir, request.id)}`)]),
      ...(request.mode === 'files' ? [hands.inBarman(`rm -rf ${filesDirectory(request.id)}`)] : []),
    ];
  },
};

function noPostmaster(member: TypedMember): string {
  return inContainer(member.container, `sh -c '! grep -qsx postgres /proc/[0-9]*/comm'`);
}
