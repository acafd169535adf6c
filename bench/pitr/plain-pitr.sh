#!/usr/bin/env bash
# The plain script that pgdrill's recovery is measured against: the steps of the usual guide, in its order (a staging directory
# on the Barman server, copied to the node; every other member emptied and copied anew), without its fixed sleeps.
#   plain-pitr.sh BACKUP TARGET_TIME TIMELINE NODE    the other members: OTHERS="db1 db3"
# Containers are CONTAINER_PREFIX followed by db1, etcd1, barman. Prints "stage<TAB>seconds since the start", one a line.
set -euo pipefail
backup=$1 target=$2 timeline=$3 node=$4
read -ra others <<< "$OTHERS"
server=${SERVER:-patroni1} scope=${SCOPE:-patroni1} major=${PG_MAJOR:-15}
data=/var/lib/postgresql/$major/$node
staging=/tmp/pitr_recovery_$backup

begin=$EPOCHREALTIME
stage() { awk -v a="$begin" -v b="$EPOCHREALTIME" -v s="$1" 'BEGIN { printf "%s\t%.3f\n", s, b - a }'; }
on() { local container=$CONTAINER_PREFIX$1; shift; docker exec "$container" "$@"; }
sql() { on "$1" psql -X -A -t -U postgres -h localhost -c "$2" 2> /dev/null; }
until_true() {
    local deadline=$((SECONDS + 600))
    until "$@"; do
        if [ $SECONDS -ge $deadline ]; then echo "gave up waiting: $*" >&2; exit 1; fi
        sleep 0.1
    done
}

# 1-4: the backup is there, WAL is archived, a directory for the files.
on barman barman show-backup "$server" "$backup" > /dev/null
on barman barman check "$server" > /dev/null || true
leader=${others[0]}
for member in "${others[@]}"; do if [ "$(sql "$member" 'SELECT pg_is_in_recovery()')" = f ]; then leader=$member; fi; done
sql "$leader" 'SELECT pg_current_xact_id()' > /dev/null
segment=$(sql "$leader" 'SELECT pg_walfile_name(pg_switch_wal())')
archived() {
    on barman barman -q archive-wal "$server" || true
    on barman test -e "/var/lib/barman/$server/wals/${segment:0:16}/$segment"
}
until_true archived
stage 'WAL archived'
on barman rm -rf "$staging"
on barman install -d -o barman -g barman -m 0700 "$staging"

# 5-6: recovery files on the Barman server.
docker exec -u barman "${CONTAINER_PREFIX}barman" barman recover --target-time "$target" --target-tli "$timeline" \
    --target-action promote "$server" "$backup" "$staging" > /dev/null
stage 'recovery files made'

# 7.1-7.5: the node leaves the cluster, its data is set aside, the files are copied to it.
on "$node" supervisorctl stop patroni > /dev/null
gone() { ! on "$node" pgrep -x postgres > /dev/null; }
until_true gone
on "$node" mv "$data" "$data.backup_plain"
on "$node" install -d -o postgres -g postgres -m 0700 "$data"
docker exec "${CONTAINER_PREFIX}barman" tar -C "$staging" -cf - . | docker exec -i "$CONTAINER_PREFIX$node" tar -C "$data" -xf -
on "$node" chown -R postgres:postgres "$data"
stage 'files copied'

# 7.6-7.8: recovery on its own.
on "$node" bash -c "sed -i '/^restore_command\|^recovery_end_command/d' $data/postgresql.auto.conf
    echo \"restore_command = 'barman-wal-restore -U barman barman $server %f %p'\" >> $data/postgresql.auto.conf
    touch $data/recovery.signal && chown -R postgres:postgres $data"
on "$node" su postgres -c "/usr/lib/postgresql/$major/bin/pg_ctl -D $data -s -W -l /var/log/postgresql/start.log \
    -o \"-c hba_file=$data/pg_hba.conf -c ident_file=$data/pg_ident.conf -c archive_command=''\" start" > /dev/null
promoted() { [ "$(sql "$node" 'SELECT pg_is_in_recovery()')" = f ]; }
until_true promoted
stage 'recovered'
on "$node" su postgres -c "/usr/lib/postgresql/$major/bin/pg_ctl -D $data -s -w -m fast stop" > /dev/null
on "$node" bash -c ": > $data/postgresql.auto.conf"

# The others out, the DCS emptied, the node leads.
for member in "${others[@]}"; do on "$member" supervisorctl stop patroni > /dev/null; done
for key in leader status failover history sync failsafe; do on etcd1 etcdctl del "/service/$scope/$key" > /dev/null; done
on "$node" supervisorctl start patroni > /dev/null
leads() { promoted && sql "$node" 'CREATE TEMP TABLE written ()' > /dev/null; }
until_true leads
stage 'leads'

# Every other member emptied and copied, one after the other.
for member in "${others[@]}"; do
    on "$member" bash -c "rm -rf /var/lib/postgresql/$major/$member/*"
    on "$member" supervisorctl start patroni > /dev/null
    streams() { [ "$(sql "$node" "SELECT count(*) FROM pg_stat_replication WHERE application_name = '$member' AND state = 'streaming'")" = 1 ]; }
    until_true streams
done
stage 'streaming'
on barman rm -rf "$staging"
on "$node" rm -rf "$data.backup_plain"
