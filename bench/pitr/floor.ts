import type { Cluster } from '../../harness/cluster/cluster';
import type { BackupRef } from '../../harness/record/backup-ref';
import type { Run } from '../../harness/run/run';
import { until } from '../../harness/run/until';
import { walNameOf } from '../../harness/formats/wal-name';

/**
 * What no recovery can do without, measured beside the running cluster: a raw copy of the backup into a member's volume, replay
 * by a bare PostgreSQL up to the target, and a raw copy of the result into every other member's volume, at once. No Patroni, no
 * DCS, no connection, no check.
 * @returns seconds until the bare server takes writes, and until the last copy is made
 */
export async function measureFloor(
  run: Run,
  cluster: Cluster,
  { backup, before, timeline }: { backup: BackupRef; before: string; timeline: number },
): Promise<{ rtoWrites: number; rtoFull: number }> {
  const { barman } = cluster;
  const leader = await cluster.leader();
  const [node, ...rest] = [...cluster.others(leader.name), leader];
  const place = (member: string) => `/nodes/${member}/${cluster.description.postgresMajor}/floor`;
  const data = `/var/lib/postgresql/${cluster.description.postgresMajor}/floor`;
  const first = backup.beginWal;
  const last = walNameOf(timeline, await leader.value('SELECT pg_current_wal_lsn()'), await leader.segmentSize());
  const started = performance.now();
  const seconds = () => (performance.now() - started) / 1000;
  try {
    await barman.exec([
      'bash',
      '-c',
      `set -e; cp -a "$1/base/$2/data" "$3"; mkdir "$3/floor_wal"
       for f in $(cd "$1/wals" && find . -name '[0-9A-F]*' -type f | sort); do
         n=\${f##*/}; if [[ "$n" == *.history || ( ! "$n" < "$4" && ! "$n" > "$5" ) ]]; then cp "$1/wals/$f" "$3/floor_wal/"; fi
       done
       printf "restore_command = 'cp floor_wal/%%f %%p'\\nrecovery_target_time = '%s'\\nrecovery_target_timeline = '%s'\\nrecovery_target_action = 'promote'\\n" "$6" "$7" > "$3/postgresql.auto.conf"
       touch "$3/recovery.signal"; chown -R 500:500 "$3"; chmod 0700 "$3"`,
      'bash',
      barman.home,
      backup.id,
      place(node!.name),
      first,
      last,
      before,
      String(timeline),
    ]);
    const options = [
      '-p 5499',
      "-c archive_command=''",
      '-c logging_collector=off',
      `-c hba_file=${data}/pg_hba.conf`,
      `-c ident_file=${data}/pg_ident.conf`,
      '-c primary_conninfo=',
    ].join(' ');
    await node!.exec([
      'su',
      'postgres',
      '-c',
      `${node!.binDir}/pg_ctl -D ${data} -s -W -l ${data}/floor.log -o "${options}" start`,
    ]);
    await until(
      'recovery finished',
      run,
      async () => {
        const { stdout } = await node!.exec(
          [
            'psql',
            '-X',
            '-A',
            '-t',
            '-U',
            'postgres',
            '-h',
            '/run/postgresql',
            '-p',
            '5499',
            '-c',
            'SELECT pg_is_in_recovery()',
          ],
          { check: false },
        );
        return stdout.trim() === 'f';
      },
      { everyMs: 50 },
    );
    const rtoWrites = seconds();
    await Promise.all(
      rest.map((other) =>
        barman.exec(['cp', '-a', place(node!.name), place(other.name)], { check: false, deadline: 'members rejoined' }),
      ),
    );
    return { rtoWrites, rtoFull: seconds() };
  } finally {
    await node!.exec(['su', 'postgres', '-c', `${node!.binDir}/pg_ctl -D ${data} -s -w -m immediate stop`], {
      check: false,
    });
    await Promise.all(cluster.nodes.map((one) => barman.exec(['rm', '-rf', place(one.name)], { check: false })));
  }
}
