#!/usr/bin/env bash
# The bare script that pgdrill's own boot is measured against: the same cluster with nothing but the docker command line.
#   bench/boot/bare-boot.sh [--keep] [--no-barman] [NODE_IMAGE ETCD_IMAGE BARMAN_IMAGE]
# Prints the seconds of each stage since the start (one "stage<TAB>seconds" a line), then tears all down, however it ends.
# Images may also come as NODE_IMAGE, ETCD_IMAGE, BARMAN_IMAGE; BARE_NAME is the prefix of all that it makes.
set -euo pipefail

keep=no
with_barman=yes
images=()
for argument in "$@"; do
    case "$argument" in
        --keep) keep=yes ;;
        --no-barman) with_barman=no ;;
        -*) echo "usage: $0 [--keep] [--no-barman] [NODE_IMAGE ETCD_IMAGE BARMAN_IMAGE]" >&2; exit 64 ;;
        *) images+=("$argument") ;;
    esac
done
node_image=${images[0]:-${NODE_IMAGE:?node image}}
etcd_image=${images[1]:-${ETCD_IMAGE:?etcd image}}
barman_image=${images[2]:-${BARMAN_IMAGE:?Barman image}}
name=${BARE_NAME:-bare-boot-$$}
pg=${PG_MAJOR:-15}
nodes=(db1 db2 db3)
etcds=(etcd1 etcd2 etcd3)
files=$(mktemp -d)

tear_down() {
    status=$?
    trap - EXIT INT TERM HUP
    rm -rf "$files"
    if [ "$keep" = yes ] && [ "$status" = 0 ]; then
        echo "kept: containers $name-*, network $name" >&2
        exit 0
    fi
    local things=()
    mapfile -t things < <(docker ps -aq --filter "label=bare-boot=$name")
    if [ ${#things[@]} -gt 0 ]; then docker rm -f "${things[@]}" > /dev/null || true; fi
    mapfile -t things < <(docker volume ls -q --filter "label=bare-boot=$name")
    if [ ${#things[@]} -gt 0 ]; then docker volume rm "${things[@]}" > /dev/null || true; fi
    docker network rm "$name" > /dev/null 2>&1 || true
    stage 'torn down'
    exit "$status"
}

begin=$EPOCHREALTIME
stage() { awk -v a="$begin" -v b="$EPOCHREALTIME" -v s="$1" 'BEGIN { printf "%s\t%.2f\n", s, b - a }'; }
trap tear_down EXIT
trap 'exit 130' INT TERM HUP

# until_true SECONDS WHAT COMMAND…: every wait of this script; the condition is asked again after 50 ms.
until_true() {
    local deadline=$((SECONDS + $1)) what=$2
    shift 2
    until "$@"; do
        if [ $SECONDS -ge $deadline ]; then echo "gave up waiting: $what" >&2; exit 1; fi
        sleep 0.05
    done
}

random() { od -An -N16 -tx1 /dev/urandom | tr -d ' \n'; }
superuser=$(random) replicator=$(random) rewind=$(random) barman=$(random)

write_key() { # an ECDSA key: quick to make, and any OpenSSH reads its PEM form
    if command -v ssh-keygen > /dev/null; then
        ssh-keygen -q -t ecdsa -b 256 -m PEM -N '' -C '' -f "$1"
    else
        docker run --rm --label "bare-boot=$name" --entrypoint sh "$node_image" -c \
            'ssh-keygen -q -t ecdsa -b 256 -m PEM -N "" -C "" -f /tmp/key && cd /tmp && tar c key key.pub' | tar x -C "$files"
        mv "$files/key" "$1"
        mv "$files/key.pub" "$1.pub"
    fi
}

write_files() {
    local node etcd_hosts
    etcd_hosts=$(printf '%s:2379, ' "${etcds[@]}")
    mkdir -p "$files/barman/etc/barman.d" "$files/barman/etc/pgdrill/ssh"
    write_key "$files/id"
    write_key "$files/host_key"
    for node in "${nodes[@]}"; do
        mkdir -p "$files/$node/etc/patroni" "$files/$node/etc/pgdrill/ssh"
        cp "$files/id" "$files/$node/etc/pgdrill/ssh/id"
        echo "barman $(cut -d' ' -f1,2 "$files/host_key.pub")" > "$files/$node/etc/pgdrill/ssh/known_hosts"
        bootstrap_sql > "$files/$node/etc/pgdrill/bootstrap.sql"
        patroni_yml "$node" "${etcd_hosts%, }" > "$files/$node/etc/patroni/patroni.yml"
    done
    cp "$files/host_key" "$files/barman/etc/pgdrill/ssh/host_key"
    cp "$files/id.pub" "$files/barman/etc/pgdrill/ssh/authorized_keys"
    echo "*:*:*:barman:$barman" > "$files/barman/etc/pgdrill/pgpass"
    barman_conf > "$files/barman/etc/barman.d/patroni1.conf"
}

bootstrap_sql() {
    cat << SQL
CREATE ROLE barman LOGIN REPLICATION PASSWORD '$barman';
GRANT EXECUTE ON FUNCTION pg_backup_start(text, boolean), pg_backup_stop(boolean), pg_switch_wal(), pg_create_restore_point(text) TO barman;
GRANT pg_read_all_settings, pg_read_all_stats, pg_checkpoint TO barman;
SQL
}

patroni_yml() {
    cat << YAML
scope: patroni1
namespace: /service/
name: $1
restapi: { listen: '0.0.0.0:8008', connect_address: '$1:8008' }
etcd3: { hosts: [$2] }
bootstrap:
  dcs:
    ttl: 20
    loop_wait: 1
    retry_timeout: 3
    maximum_lag_on_failover: 1048576
    slots: { barman: { type: physical } }
    postgresql:
      use_pg_rewind: true
      use_slots: true
      parameters:
        wal_level: replica
        hot_standby: 'on'
        wal_log_hints: 'on'
        track_commit_timestamp: 'on'
        max_wal_senders: 16
        max_replication_slots: 16
        wal_keep_size: 256MB
        wal_retrieve_retry_interval: 250ms
        archive_mode: 'on'
        archive_timeout: 60s
        archive_command: 'rsync -a %p barman:/var/lib/barman/patroni1/incoming/%f'
        timezone: UTC
        log_timezone: UTC
        log_line_prefix: '%m [%p] %q%u@%d %a '
        logging_collector: 'on'
        log_directory: /var/log/postgresql
        log_filename: postgresql.log
        log_file_mode: '0640'
        log_rotation_age: 0
        log_rotation_size: 0
  initdb: [encoding: UTF8, locale: C.UTF-8, data-checksums, no-sync]
  post_bootstrap: /usr/lib/postgresql/$pg/bin/psql -X -q -v ON_ERROR_STOP=1 -f /etc/pgdrill/bootstrap.sql
postgresql:
  listen: 0.0.0.0:5432
  connect_address: $1:5432
  data_dir: /var/lib/postgresql/$pg/$1
  bin_dir: /usr/lib/postgresql/$pg/bin
  pgpass: /run/postgresql/patroni.pgpass
  use_unix_socket: true
  parameters: { unix_socket_directories: /run/postgresql }
  authentication:
    superuser: { username: postgres, password: $superuser }
    replication: { username: replicator, password: $replicator }
    rewind: { username: rewind, password: $rewind }
  pg_hba:
    - local all all trust
    - local replication all trust
    - host all all 127.0.0.1/32 trust
    - host all all ::1/128 trust
    - host all all samenet scram-sha-256
    - host replication all samenet scram-sha-256
  basebackup: [checkpoint: fast, no-sync]
YAML
}

barman_conf() {
    local hosts
    hosts=$(IFS=,; echo "${nodes[*]}")
    local conninfo="host=$hosts port=5432 user=barman dbname=postgres passfile=/etc/pgdrill/pgpass target_session_attrs=read-write connect_timeout=5"
    cat << CONF
[patroni1]
description = "Patroni cluster patroni1"
conninfo = $conninfo
streaming_conninfo = $conninfo
backup_method = postgres
immediate_checkpoint = true
archiver = on
streaming_archiver = on
slot_name = barman
create_slot = auto
CONF
}

create() { # create NAME ROLE ARGUMENTS… : a container in the network, known by its role's name, with the files of that role
    local role=$1
    shift
    docker create --name "$name-$role" --label "bare-boot=$name" --hostname "$role" --network "$name" --network-alias "$role" "$@" > /dev/null
    if [ -d "$files/$role" ]; then tar c --owner=0 --group=0 -C "$files/$role" . | docker cp - "$name-$role:/" > /dev/null; fi
    docker start "$name-$role" > /dev/null
}

start_all() {
    local role peers volumes=()
    peers=$(for role in "${etcds[@]}"; do printf '%s=http://%s:2380,' "$role" "$role"; done)
    for role in "${etcds[@]}"; do
        create "$role" -v "$name-$role:/var/lib/etcd" -p 127.0.0.1::2379 \
            -e "ETCD_NAME=$role" -e "ETCD_INITIAL_CLUSTER=${peers%,}" -e "ETCD_INITIAL_CLUSTER_TOKEN=$name" "$etcd_image" &
    done
    for role in "${nodes[@]}"; do
        create "$role" -v "$name-$role:/var/lib/postgresql" -p 127.0.0.1::5432 -p 127.0.0.1::8008 --cap-add NET_ADMIN --shm-size 256m "$node_image" &
        volumes+=(-v "$name-$role:/nodes/$role:nocopy")
    done
    if [ "$with_barman" = yes ]; then create barman -v "$name-barman:/var/lib/barman" "${volumes[@]}" "$barman_image" & fi
    wait
}

port_of() { docker inspect -f "{{(index (index .NetworkSettings.Ports \"$2/tcp\") 0).HostPort}}" "$name-$1"; }

get() { # get PORT PATH: one HTTP request to a published port, by the shell alone
    exec 3<> "/dev/tcp/127.0.0.1/$1" || return 1
    printf 'GET %s HTTP/1.0\r\nHost: localhost\r\n\r\n' "$2" >&3
    cat <&3
    exec 3>&- 3<&-
} 2> /dev/null

etcd_healthy() { get "$1" /health | grep -q '"health":"true"'; }

leader=
leader_known() {
    local node state
    for node in "${nodes[@]}"; do
        state=$(get "${rest[$node]}" /patroni) || continue
        if [[ $state == *'"role": "master"'* || $state == *'"role": "primary"'* ]] && [[ $state == *'"state": "running"'* ]]; then
            leader=$node
            return 0
        fi
    done
    return 1
}

# The leader's own view, pg_stat_replication, as its REST API gives it: every other member streams.
all_stream() {
    local state node
    state=$(get "${rest[$leader]}" /patroni) || return 1
    for node in "${nodes[@]}"; do
        [ "$node" = "$leader" ] || grep -Eq "\"application_name\": \"$node\"[^}]*\"state\": \"streaming\"" <<< "$state" || return 1
    done
}

declare -A rest
docker network create --label "bare-boot=$name" "$name" > /dev/null &
printf '%s\n' "${etcds[@]}" "${nodes[@]}" barman | xargs -P 4 -I{} docker volume create --label "bare-boot=$name" "$name-{}" > /dev/null &
write_files
wait
stage 'network, volumes, files'
start_all
stage 'containers started'
for role in "${nodes[@]}"; do rest[$role]=$(port_of "$role" 8008); done
until_true 30 'etcd healthy' etcd_healthy "$(port_of etcd1 2379)"
stage 'etcd healthy'
until_true 60 'a leader' leader_known
stage 'leader'
until_true 60 'all members streaming' all_stream
stage 'members streaming'

if [ "$with_barman" = yes ]; then
    # Barman wants one archived segment before it starts a backup (barman(1), check: "WAL archive").
    in_barman() { docker exec "$name-barman" "$@"; }
    until_true 30 'receive-wal' in_barman pgrep -u barman pg_receivewal > /dev/null
    stage 'receive-wal'
    segment=$(docker exec "$name-$leader" psql -U postgres -h localhost -XAtc \
        'SELECT pg_walfile_name(pg_switch_wal())')
    until_true 30 'first segment' in_barman sh -c "ls /var/lib/barman/patroni1/streaming/$segment /var/lib/barman/patroni1/incoming/$segment 2> /dev/null | grep -q ."
    in_barman barman -q archive-wal patroni1
    stage 'first segment archived'
    in_barman barman -q backup patroni1
    stage 'base backup taken'
    backup_done() { in_barman barman -q archive-wal patroni1; in_barman barman -f json list-backups patroni1 | grep -q '"status": "DONE"'; }
    until_true 30 'backup DONE' backup_done
    in_barman barman -q check-backup patroni1 latest
    stage 'base backup usable'
fi
